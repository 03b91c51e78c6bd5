/**
 * The end of a text that is still being written, made such that it does not flicker: emphasis and code that were
 * opened are closed, a link shows its words before its address is there, and marks that may become something
 * else wait.
 */

/** The last block of a text, as it can be shown now. */
export function mend(block: string): string {
  if (/^ {0,3}(`{3,}|~{3,})/.test(block)) return fence(block);
  let text = block;
  // `text\n-` would be a heading, `1` a paragraph, a lone fence mark a piece of code: they wait for what follows.
  text = text.replace(/(^|\n)[ \t]*(?:[-=+*_>|#]{1,3}|`{1,2}|~{1,2}|\d{1,3}[.)]?)[ \t]*$/, "");
  // A table is one once its second line is whole.
  if (/^[ \t]*\|[^\n]*(\n[ \t|:-]*)?$/.test(text)) return "";
  return inline(text);
}

/** A closing fence that is not whole yet is no code. */
function fence(block: string): string {
  return block.replace(/\n[ \t]*(`{1,}|~{1,})$/, (whole, marks: string) => (marks.length < 3 ? "" : whole));
}

function inline(block: string): string {
  let text = block.replace(/(?:\*{1,3}|_{1,3}|~{1,2}|`{1,2}|!?\[|\\|&[#\w]{0,8}|<[/\w]*)$/, "");
  // Code first: what is inside it is no emphasis.
  const ticks = text.match(/`+/g) ?? [];
  if (ticks.length % 2 === 1) {
    const last = ticks[ticks.length - 1] ?? "`";
    return `${text}${last}`;
  }
  text = text.replace(/!?\[([^\]\n]*)(?:\](?:\([^)\n]*)?)?$/, "$1");
  const bare = text.replace(/`[^`]*`/g, "").replace(/\\./g, "");
  const open: string[] = [];
  for (const mark of bare.match(/\*{1,3}|~~/g) ?? []) {
    if (open[open.length - 1] === mark) open.pop();
    else open.push(mark);
  }
  // `a * b` and list marks are no emphasis: only a mark that touches a word on its right is closed.
  const closing = open.filter((mark) => new RegExp(`${mark.replace(/\*/g, "\\*")}[^\\s*]`).test(bare));
  return closing.length > 3 ? text : text.trimEnd() + closing.reverse().join("");
}

/** File names as git writes them into a patch: quoted like C strings when they hold anything unusual. */

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** `"a/tab\there"` as the name it stands for; other texts as they are, without what follows a tab. */
export function unquote(text: string): string {
  if (!text.startsWith('"')) return text.split("\t", 1)[0] ?? "";
  const out: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 1; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === '"') break;
    if (char !== "\\") {
      const point = text.codePointAt(at) ?? 0;
      out.push(...encoder.encode(String.fromCodePoint(point)));
      if (point > 0xffff) at += 1;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      out.push(Number.parseInt(octal, 8));
      at += 3;
      continue;
    }
    const next = text[at + 1] ?? "\\";
    out.push(ESCAPES[next] ?? next.charCodeAt(0));
    at += 1;
  }
  return new TextDecoder().decode(new Uint8Array(out));
}

/** The name of a `---` or `+++` line or of a header, without git's `a/` and `b/`; null for `/dev/null`. */
export function fileName(text: string): string | null {
  const name = unquote(text);
  if (name === "/dev/null") return null;
  return name.replace(/^[ab]\//, "");
}

/** The two names of `diff --git a/x b/x`. Names with blanks are only clear when both are the same. */
export function headerNames(rest: string): [string, string] | null {
  if (rest.startsWith('"')) {
    const end = rest.search(/[^\\]" /);
    if (end < 0) return null;
    return [fileName(rest.slice(0, end + 2)) ?? "", fileName(rest.slice(end + 3)) ?? ""];
  }
  const half = (rest.length - 1) / 2;
  const before = fileName(rest.slice(0, half)) ?? "";
  if (rest[half] === " " && before === fileName(rest.slice(half + 1))) return [before, before];
  const at = rest.indexOf(" b/");
  return at < 0 ? null : [fileName(rest.slice(0, at)) ?? "", fileName(rest.slice(at + 1)) ?? ""];
}

import { expect, test } from "vitest";
import { mend } from "./mend.ts";
import { Splitter, split } from "./split.ts";

const kinds = (text: string): string[] => split(text).map((block) => block.token.type);

test("a text falls into its blocks", () => {
  expect(kinds("# A\n\nb\nc\n\n- d\n\n- e\n\n```rust\nf\n```\n> g\n\n| a |\n|---|\n| b |\n\n---\n")).toEqual([
    "heading",
    "paragraph",
    "list",
    "code",
    "blockquote",
    "table",
    "hr",
  ]);
});

test("blocks that are whole keep their identity while the text grows", () => {
  const splitter = new Splitter();
  const whole = "# One\n\nTwo **bold**\n\n- a\n- b\n\nlast words `code` here";
  let before = splitter.update(whole.slice(0, 30), true);
  for (let at = 31; at <= whole.length; at += 1) {
    const now = splitter.update(whole.slice(0, at), true);
    for (const [place, block] of before.slice(0, -1).entries()) expect(now[place]).toBe(block);
    before = now;
  }
  const done = splitter.update(whole, false);
  expect(done.map((block) => block.raw)).toEqual(split(whole).map((block) => block.raw));
  expect(done[0]).toBe(before[0]);
});

test("however it is cut into pieces, the end is the same", () => {
  const whole =
    "A *b* c\r\n\r\n1. x\n2. y\n   - z\n\n~~~\ncode\n\n~~~\n\nText\n====\n\n[l](https://a.example) **e";
  for (const step of [1, 2, 3, 7, 50]) {
    const splitter = new Splitter();
    for (let at = 0; at < whole.length; at += step) splitter.update(whole.slice(0, at), true);
    expect(splitter.update(whole, false).map(({ key, raw }) => [key, raw])).toEqual(
      split(whole).map(({ key, raw }) => [key, raw]),
    );
  }
});

test("what is not ended yet does not flicker", () => {
  expect(mend("a **bold")).toBe("a **bold**");
  expect(mend("a *it")).toBe("a *it*");
  expect(mend("a `code")).toBe("a `code`");
  expect(mend("a **")).toBe("a");
  expect(mend("see [the docs](https://exa")).toBe("see the docs");
  expect(mend("see [the do")).toBe("see the do");
  expect(mend("Here it is:\n-")).toBe("Here it is:");
  expect(mend("Title\n=")).toBe("Title");
  expect(mend("text\n``")).toBe("text");
  expect(mend("| a | b")).toBe("");
  expect(mend("| a | b |\n|--")).toBe("");
  expect(mend("| a | b |\n|---|---|\n| 1")).toContain("| 1");
  expect(mend("2 * 3 = 6")).toBe("2 * 3 = 6");
  expect(mend("```js\nlet a = `b")).toBe("```js\nlet a = `b");
  expect(mend("```js\na\n``")).toBe("```js\na");
});

test("text made to cost time is shown as text, in a moment", () => {
  const started = performance.now();
  for (const piece of ["*a_", "[", "![](", "> ", "- ", "_", "`", "<a ", "|", "~~a ", "[a](", "&#", "a@a."]) {
    split(piece.repeat(20_000));
  }
  split(`${"> ".repeat(5000)}deep`);
  split("word ".repeat(200_000));
  split(`| a |\n|---|\n${"| 1 |\n".repeat(5000)}`);
  expect(performance.now() - started).toBeLessThan(6000);
});

test("a paragraph that is nested too deep takes nothing else with it", () => {
  const deep = `${"> ".repeat(120)}deep`;
  const text = `# Title\n\nfirst\n\n${deep}\nand on\n\n*last*\n`;
  const blocks = split(text);
  expect(blocks.map(({ token }) => token.type)).toEqual(["heading", "paragraph", "plain", "paragraph"]);
  expect(blocks[2]?.raw).toBe(`${deep}\nand on`);
  for (const { at, raw } of blocks) expect(text.slice(at).startsWith(raw)).toBe(true);
  const streamed = new Splitter();
  for (let end = 1; end < text.length; end += 1) streamed.update(text.slice(0, end), true);
  expect(streamed.update(text, false).map(({ raw }) => raw)).toEqual(blocks.map(({ raw }) => raw));
  split(`${deep}\n\n`.repeat(2_000));
});

test("ten megabytes of one line are one plain block", () => {
  const blocks = split("x".repeat(10_000_000));
  expect(blocks).toHaveLength(1);
  expect(blocks[0]?.token.type).toBe("plain");
});

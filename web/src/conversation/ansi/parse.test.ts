import { expect, test } from "vitest";
import { countLines, firstLines, lastLines } from "./lines.ts";
import { parseAnsi } from "./parse.ts";

const text = (raw: string): string[] =>
  parseAnsi(raw).map((line) => line.map((piece) => piece.text).join(""));

test("colours become pieces, and end", () => {
  expect(parseAnsi("a\x1b[1;31mred\x1b[0m b")).toEqual([
    [
      { text: "a", style: null },
      { text: "red", style: { bold: true, fg: 1 } },
      { text: " b", style: null },
    ],
  ]);
});

test("a colour goes on over lines", () => {
  const [first, second] = parseAnsi("\x1b[32mok\nstill\x1b[39m no");
  expect(first).toEqual([{ text: "ok", style: { fg: 2 } }]);
  expect(second).toEqual([
    { text: "still", style: { fg: 2 } },
    { text: " no", style: null },
  ]);
});

test("bright, background and 256 colours come down to sixteen", () => {
  const style = (code: string) => parseAnsi(`\x1b[${code}mx`)[0]?.[0]?.style;
  expect(style("91")).toEqual({ fg: 9 });
  expect(style("44")).toEqual({ bg: 4 });
  expect(style("38;5;3")).toEqual({ fg: 3 });
  expect(style("38;5;196")).toEqual({ fg: 9 });
  expect(style("38;2;0;120;0")).toEqual({ fg: 2 });
  expect(style("38:2:0:0:250")).toEqual({ fg: 12 });
  expect(style("1;4;9")).toEqual({ bold: true, underline: true, strike: true });
});

test("a carriage return writes over the line, as a progress bar does", () => {
  expect(text("10 %\r50 %\r100 %\ndone\n")).toEqual(["100 %", "done"]);
  expect(text("long line\rab")).toEqual(["abng line"]);
  expect(text("old line\r\x1b[Knew")).toEqual(["new"]);
  expect(text("old line\r\x1b[31mne\x1b[32mw")).toEqual(["new line"]);
  expect(text("one\r\ntwo\r\n")).toEqual(["one", "two"]);
  expect(text("ab\bc")).toEqual(["ac"]);
});

test("what only a terminal should do is dropped", () => {
  expect(text("\x1b]0;title\x07a\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\b")).toEqual(["alinkb"]);
  expect(text("\x1b[2J\x1b[H\x1b[?1049hx\x1b[10A\x1b(By\x1bcz")).toEqual(["xyz"]);
  expect(text("\x1bPq#0;2;0;0;0\x1b\\sixel")).toEqual(["sixel"]);
  expect(text("\x1b]52;c;cm0gLXJmIC8=\x07")).toEqual([]);
});

test("an endless sequence swallows nothing but itself", () => {
  expect(text("a\x1b]0;never ended\nb")).toEqual(["a", "b"]);
  expect(text("a\x1b[31")).toHaveLength(1);
  expect(parseAnsi(`\x1b[${"1;".repeat(100_000)}mx`)[0]?.[0]?.text).toBe("x");
});

test("control and direction characters become visible", () => {
  expect(text("a\u202eb\u0000c\u200b")).toEqual(["a\\u{202e}b\\u{0}c\\u{200b}"]);
});

test("ten megabytes on one line are taken in a moment", () => {
  const started = performance.now();
  parseAnsi(firstLines("x".repeat(10_000_000), 24));
  parseAnsi("\x1b[".repeat(200_000));
  parseAnsi("\r".repeat(200_000));
  expect(performance.now() - started).toBeLessThan(3000);
});

test("lines are counted and cut as a person does", () => {
  expect(countLines("")).toBe(0);
  expect(countLines("a\nb\n")).toBe(2);
  expect(countLines("a\nb")).toBe(2);
  expect(firstLines("a\nb\nc", 2)).toBe("a\nb");
  expect(lastLines("a\nb\nc\n", 2)).toBe("b\nc");
  expect(lastLines("a\n\n\n", 2)).toBe("\n");
  expect(lastLines("a", 2)).toBe("a");
});

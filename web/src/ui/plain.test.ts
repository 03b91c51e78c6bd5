import { expect, test } from "vitest";
import { plain, plainLines } from "./plain.ts";

test("direction and control characters are seen, not obeyed", () => {
  expect(plain("safe\u202egnp.exe")).toBe("safe\\u{202e}gnp.exe");
  expect(plain("\u001b[31mred\u0000")).toBe("\\u{1b}[31mred\\u{0}");
  expect(plain("zero\u200bwidth\ufeff")).toBe("zero\\u{200b}width\\u{feff}");
});

test("one line, and no longer than allowed", () => {
  expect(plain("a\r\n\tb")).toBe("a b");
  expect(plain("x".repeat(50), 10)).toBe(`${"x".repeat(10)}…`);
});

test("several lines keep their breaks and tabs", () => {
  expect(plainLines("a\r\n\tb\rc\u2066")).toBe("a\n\tb\nc\\u{2066}");
});

test("ordinary text of any script is left alone", () => {
  const text = "Grüße, 你好, שלום, مرحبا, 👩‍💻".replace(/\u200d/g, "");
  expect(plain(text)).toBe(text);
});

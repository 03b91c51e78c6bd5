/** Colours and marks together never lose or double a character. */
import { expect, test } from "vitest";
import { pieces } from "./pieces.ts";

test("a mark across two colours", () => {
  const found = pieces(
    "const total",
    [
      { text: "const", kind: "k" },
      { text: " total", kind: null },
    ],
    { from: 3, to: 8 },
  );
  expect(found).toEqual([
    { text: "con", kind: "k", marked: false },
    { text: "st", kind: null, marked: true },
    { text: " to", kind: null, marked: true },
    { text: "tal", kind: null, marked: false },
  ]);
});

test("neither", () => {
  expect(pieces("plain", undefined, null)).toEqual([{ text: "plain", kind: null, marked: false }]);
  expect(pieces("", undefined, null)).toEqual([]);
});

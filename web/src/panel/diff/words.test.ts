/** Marks inside of lines. */
import { expect, test } from "vitest";
import { difference } from "./words.ts";

test("the middle differs", () => {
  expect(difference("  return item.price;", "  return item.cents;")).toEqual({
    before: { from: 14, to: 19 },
    after: { from: 14, to: 19 },
  });
});

test("an insertion is empty on the old side", () => {
  expect(difference("call(a)", "call(a, b)")).toEqual({
    before: { from: 6, to: 6 },
    after: { from: 6, to: 9 },
  });
});

test("lines with little in common have no mark", () => {
  expect(difference("import x", "export const total = 1")).toBeNull();
  expect(difference("", "x")).toBeNull();
});

test("characters are not cut in half", () => {
  const found = difference("ab 😀 cd", "ab 😁 cd");
  expect(found?.before).toEqual({ from: 3, to: 5 });
});

test("whole words are marked", () => {
  expect(difference("const value = 10;", "const value = 20;")?.before).toEqual({ from: 14, to: 16 });
  expect(difference("getUserName(id)", "getUserAge(id)")?.after).toEqual({ from: 0, to: 10 });
});

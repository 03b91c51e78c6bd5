import { expect, test } from "vitest";
import { recoveryFile, spaced } from "./recovery.ts";

test("a secret is shown in groups, without a blank at its end", () => {
  expect(spaced("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
  expect(spaced("ABCDEFGH")).toBe("ABCD EFGH");
  expect(spaced("")).toBe("");
});

test("the file says what it is for and has every code on a line", () => {
  const text = recoveryFile(["aaaa-bbbb", "cccc-dddd"], "https://agents.example.org");
  expect(text).toContain("https://agents.example.org");
  expect(text.split("\n").slice(-3)).toEqual(["aaaa-bbbb", "cccc-dddd", ""]);
});

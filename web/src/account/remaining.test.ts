import { expect, test } from "vitest";
import { remaining } from "./remaining.ts";

test("what is left is said to the second and never less than nothing", () => {
  expect([0, -5_000].map(remaining)).toEqual([null, null]);
  expect([1, 1_000, 59_999, 60_000, 299_001, 3_600_000, 7_260_000].map(remaining)).toEqual([
    "1 s",
    "1 s",
    "1 min 00 s",
    "1 min 00 s",
    "5 min 00 s",
    "1 h 00 min",
    "2 h 01 min",
  ]);
});

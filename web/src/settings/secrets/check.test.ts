import { expect, test } from "vitest";
import { deliveredTo, nameError, valueError } from "./check.ts";

test("names of variables, but not the sandbox's own", () => {
  expect(["NPM_TOKEN", "_a", "x9"].map(nameError)).toEqual([null, null, null]);
  for (const name of ["", "9A", "A-B", "A B", "a".repeat(257)]) expect(nameError(name)).toMatch(/Letters/);
  for (const name of ["PATH", "git_token", "LD_PRELOAD", "COORDINATOR_X"]) {
    expect(nameError(name)).toMatch(/sandbox/);
  }
});

test("values are counted in bytes", () => {
  expect(valueError("12345")).toMatch(/6 bytes/);
  expect(valueError("äöü")).toBeNull();
  expect(valueError("a".repeat(16_384))).toBeNull();
  expect(valueError("a".repeat(16_385))).toMatch(/16 KiB/);
  expect(valueError("abc\0def")).toMatch(/NUL/);
});

test("where it goes is said", () => {
  expect(deliveredTo("setup", null)).toBe("set-up commands of every session");
  expect(deliveredTo("agent", "shop")).toBe("the agent of sessions with shop");
});

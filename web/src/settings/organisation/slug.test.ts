import { expect, test } from "vitest";
import { slugError, slugOf } from "./slug.ts";

test("a name becomes a slug that is one", () => {
  expect(slugOf("Größe & Söhne Ltd")).toBe("grosse-sohne-ltd");
  expect(slugOf("  --Acme!! ")).toBe("acme");
  expect(slugOf("日本")).toBe("");
  expect(slugError(slugOf("x".repeat(200)))).toBeNull();
});

test("what is none is said", () => {
  expect(["a", "acme-2", "9"].map(slugError)).toEqual([null, null, null]);
  expect(["", "-a", "Acme", "a_b", "a".repeat(64)].filter((slug) => slugError(slug) === null)).toEqual([]);
});

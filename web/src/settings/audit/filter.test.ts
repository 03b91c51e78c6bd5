import { expect, test } from "vitest";
import { isFiltered, NO_FILTER, queryOf } from "./filter.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

test("what is not set is not asked for", () => {
  expect(queryOf(NO_FILTER, NOW)).toEqual({});
  expect(isFiltered(queryOf(NO_FILTER, NOW))).toBe(false);
});

test("each field is one word of the question", () => {
  const filter = {
    ...NO_FILTER,
    actor: "usr_1",
    action: "api_key.",
    target: " key_1 ",
    outcome: "denied" as const,
  };
  expect(queryOf(filter, NOW)).toEqual({
    actor: "usr_1",
    action: "api_key.",
    target: "key_1",
    outcome: "denied",
  });
});

test("a span ends where the filter was set", () => {
  expect(queryOf({ ...NO_FILTER, span: "day" }, NOW)).toEqual({ since: "2026-11-23T12:00:00.000Z" });
  const between = queryOf({ ...NO_FILTER, span: "between", since: "2026-11-01T10:00", until: "" }, NOW);
  expect(between).toEqual({ since: new Date("2026-11-01T10:00").toISOString() });
  expect(queryOf({ ...NO_FILTER, span: "between", since: "never" }, NOW)).toEqual({});
});

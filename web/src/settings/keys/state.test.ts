import type { ApiKeyInfo } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { isOver, narrower, rateError, stateOf } from "./state.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const key = (more: Partial<ApiKeyInfo> = {}): ApiKeyInfo => ({
  id: "key_1",
  name: "ci",
  hint: "ack_1",
  scopes: [],
  user_id: "usr_1",
  created_at: "2026-11-01T12:00:00Z",
  ...more,
});

test("a key that was replaced works until it ends", () => {
  expect(stateOf(key(), NOW)).toBe("works");
  const old = key({ replaced_by: "key_2", expires_at: "2026-11-25T12:00:00Z" });
  expect([stateOf(old, NOW), isOver(old, NOW)]).toEqual(["replaced", false]);
  expect(stateOf(old, NOW + 86_400_000)).toBe("expired");
  expect(stateOf(key({ revoked_at: "2026-11-24T11:00:00Z", replaced_by: "key_2" }), NOW)).toBe("revoked");
});

test("scopes only become fewer", () => {
  expect(narrower(key({ scopes: ["runs:read"] }))).toEqual(["runs:read"]);
  expect(narrower(key())).toContain("admin");
});

test("a rate is a whole number in its bounds, or none", () => {
  expect(["", "1", "100000"].map(rateError)).toEqual([null, null, null]);
  expect(["0", "1.5", "100001", "many"].filter((text) => rateError(text) === null)).toEqual([]);
});

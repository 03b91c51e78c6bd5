import type { AuditRecord } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { actorName, byDay, dayName, did } from "./words.ts";

const record = (seq: number, at: Date, actor: AuditRecord["actor"] = { type: "system" }): AuditRecord => ({
  seq,
  at: at.toISOString(),
  actor,
  action: "session.delete",
  outcome: "allowed",
  hash: "00",
  org_id: "org_1",
});

test("days are those of the reader", () => {
  const late = new Date(2026, 10, 24, 0, 5);
  const before = new Date(2026, 10, 23, 23, 55);
  const days = byDay([record(3, new Date(2026, 10, 24, 9)), record(2, late), record(1, before)]);
  expect(days.map(({ records }) => records.map(({ seq }) => seq))).toEqual([[3, 2], [1]]);
  const now = new Date(2026, 10, 24, 12).getTime();
  expect(days.map(({ at }) => dayName(at, now))).toEqual(["Today", "Yesterday"]);
  expect(dayName(new Date(2025, 0, 1).getTime(), now)).toMatch(/2025/);
});

test("who and what, in words where there are some", () => {
  const words = (action: string, outcome: AuditRecord["outcome"] = "allowed") => did({ action, outcome });
  expect(words("api_key.rotate")).toBe("rotated an API key");
  expect(words("api_key.rotate", "denied")).toBe("tried to rotate an API key");
  expect(words("user.sign_in", "failed")).toBe("tried to sign in");
  expect(words("something.new")).toBeNull();
  expect(actorName(record(1, new Date(), { type: "operator" }))).toBe("Operator");
  expect(actorName(record(1, new Date(), { type: "user", user_id: "usr_1", name: "a@b" }))).toBe("a@b");
});

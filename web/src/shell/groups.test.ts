import type { SessionSummary } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { grouped, needsYou, tabTitle } from "./groups.ts";

const NOW = new Date(2026, 4, 4, 12).getTime();
const HOUR = 3_600_000;

function session(
  id: string,
  status: SessionSummary["status"],
  hoursAgo: number,
  permissions = 0,
): SessionSummary {
  const at = new Date(NOW - hoursAgo * HOUR).toISOString();
  return {
    id,
    status,
    title: id,
    agent: "opencode",
    model: "demo/scripted",
    created_at: at,
    updated_at: at,
    created_by: { user_id: "usr_1", name: "a" },
    tokens: { input: 0, output: 0, cached: 0, reasoning: 0 },
    pending: { permissions, questions: 0 },
    queued: 0,
    why: { cause: "c", message: "m" },
  };
}

test("sessions stand where they matter, each once", () => {
  const groups = grouped(
    [
      session("old", "idle", 30),
      session("done", "hibernated", 2),
      session("works", "running", 3),
      session("asks", "waiting", 5, 1),
      session("broke", "failed", 1),
      session("broke-long-ago", "failed", 40),
      session("begins", "starting", 1),
    ],
    NOW,
  );
  expect(groups.map(({ name, sessions }) => [name, sessions.map(({ id }) => id)])).toEqual([
    ["needs you", ["broke", "asks"]],
    ["working", ["begins", "works"]],
    ["done today", ["done"]],
    ["earlier", ["old", "broke-long-ago"]],
  ]);
});

test("what works stays in its place however often it is updated", () => {
  const first = session("first", "running", 3);
  const second = session("second", "running", 2);
  const busy = { ...first, updated_at: new Date(NOW).toISOString() };
  expect(grouped([busy, second], NOW)[0]?.sessions.map(({ id }) => id)).toEqual(["second", "first"]);
});

test("empty groups are not shown", () => {
  expect(grouped([], NOW)).toEqual([]);
});

test("something pending needs a person whatever the status says; an archived session needs nobody", () => {
  expect(needsYou(session("a", "running", 1, 1), NOW)).toBe(true);
  expect(needsYou(session("a", "archived", 1, 1), NOW)).toBe(false);
});

test("the tab says how many wait, then what is on the page", () => {
  expect(tabTitle(0, null)).toBe("agent-coordinator");
  expect(tabTitle(2, "Fix the tests")).toBe("(2) Fix the tests · agent-coordinator");
});

import type { Entry, SessionView, ToolEntry, Turn } from "@agent-coordinator/client";
import { emptyView } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { Rows, shownTurns, waitingTurns } from "./rows.ts";

let second = 0;
const at = (): string => new Date(Date.UTC(2026, 0, 1) + second++ * 1000).toISOString();

function tool(name: string, key: string, more: Partial<ToolEntry> = {}): ToolEntry {
  return {
    kind: "tool",
    key,
    at: at(),
    toolCallId: key,
    tool: name,
    title: null,
    input: { filePath: key },
    status: "completed",
    output: "",
    truncated: false,
    exitCode: null,
    durationMs: 100,
    diff: null,
    ...more,
  };
}

function text(key: string, kind: "text" | "reasoning" = "text"): Entry {
  return { kind, key, at: at(), messageId: "m", partId: key, text: key, committed: true };
}

function turn(promptId: string, entries: Entry[], more: Partial<Turn> = {}): Turn {
  return {
    promptId,
    text: promptId,
    author: { user_id: "u" },
    model: "a/b",
    attachments: [],
    status: "completed",
    queuedAt: at(),
    startedAt: at(),
    endedAt: at(),
    tokens: null,
    costMicroUsd: null,
    durationMs: 1,
    error: null,
    cause: null,
    cancelledBy: null,
    entries,
    ...more,
  };
}

function view(turns: Turn[], more: Partial<SessionView> = {}): SessionView {
  return { ...emptyView(), model: "a/b", turns, ...more };
}

const shape = (rows: { kind: string; key: string }[]): string[] =>
  rows.map((row) => `${row.kind}:${row.key}`);

test("calls in a row that only look stand on one line; what failed stands alone", () => {
  const entries = [
    tool("read", "1"),
    tool("grep", "2"),
    tool("list", "3"),
    text("t"),
    tool("read", "4"),
    tool("bash", "5"),
    tool("read", "6"),
    tool("read", "7", { status: "failed" }),
    tool("read", "8"),
    tool("read", "9"),
  ];
  const rows = new Rows().update(view([turn("p", entries)]));
  expect(shape(rows)).toEqual([
    "prompt:p prompt",
    "group:1",
    "entry:t",
    "entry:4",
    "entry:5",
    "entry:6",
    "entry:7",
    "group:8",
    "end:p end",
  ]);
});

test("a frame makes only those rows anew that show something else", () => {
  const rows = new Rows();
  const done = turn("a", [text("x"), tool("read", "y"), tool("read", "z")]);
  const running = turn("b", [text("1"), text("2")], { status: "running", endedAt: null });
  const first = rows.update(view([done, running], { runningPromptId: "b", status: "running" }));
  const grown = {
    ...running,
    entries: [running.entries[0], { ...running.entries[1], text: "longer" }] as Entry[],
  };
  const second = rows.update(view([done, grown], { runningPromptId: "b", status: "running" }));
  expect(second.map((row, place) => row === first[place])).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    true,
  ]);
  expect(rows.update(view([done, grown], { runningPromptId: "b", status: "running" }))).toBe(second);
});

test("keys are unique and stay when a group grows out of one call", () => {
  const rows = new Rows();
  const one = rows.update(view([turn("a", [tool("read", "r1")], { status: "running" })]));
  const two = rows.update(view([turn("a", [tool("read", "r1"), tool("read", "r2")], { status: "running" })]));
  expect(one[1]?.key).toBe(two[1]?.key);
  expect(new Set(two.map((row) => row.key)).size).toBe(two.length);
});

test("prompts that wait are chips; the next one is in the transcript while nothing runs", () => {
  const queued = (id: string): Turn => turn(id, [], { status: "queued", startedAt: null, endedAt: null });
  const waiting = view([queued("a"), queued("b")], { queue: ["a", "b"] });
  expect(shownTurns(waiting).map((one) => one.promptId)).toEqual(["a"]);
  expect(waitingTurns(waiting).map((one) => one.promptId)).toEqual(["b"]);
  const busy = view([turn("z", [], { status: "running" }), queued("a")], {
    queue: ["a"],
    runningPromptId: "z",
  });
  expect(shownTurns(busy).map((one) => one.promptId)).toEqual(["z"]);
  expect(waitingTurns(busy).map((one) => one.promptId)).toEqual(["a"]);
});

test("the preparation stands between the prompt and what the agent did", () => {
  const queuedAt = at();
  const startedAt = at();
  const phases = [
    { phase: "sandbox", state: "completed" as const, message: null, percent: null, startedAt, elapsedMs: 10 },
  ];
  const one = turn("p", [text("t")], { queuedAt });
  const sandbox = {
    id: "s",
    generation: 1,
    phase: "ready" as const,
    provider: "process",
    isolation: null,
    runnerVersion: null,
    requestedAt: startedAt,
    connectedAt: startedAt,
    cause: null,
  };
  const rows = new Rows().update(
    view([{ ...one, startedAt: at(), entries: [text("t")] }], { phases, sandbox }),
  );
  expect(shape(rows)).toEqual(["prompt:p prompt", "preparation:preparation s", "entry:t", "end:p end"]);
});

test("a refused host keeps its place however often it is tried", () => {
  const rows = new Rows();
  const before = turn("a", [text("t1")], { status: "running", endedAt: null });
  const row = {
    host: "evil.example",
    port: 443,
    decision: "denied",
    reason: "not listed",
    count: 1,
    lastAt: at(),
  };
  const later = { ...before, entries: [...before.entries, text("t2")] };
  expect(shape(rows.update(view([before], { egress: [row], runningPromptId: "a" })))).toEqual([
    "prompt:a prompt",
    "entry:t1",
    "egress:egress evil.example:443",
    "end:a end",
  ]);
  const more = rows.update(
    view([later], { egress: [{ ...row, count: 9, lastAt: at() }], runningPromptId: "a" }),
  );
  expect(shape(more)[2]).toBe("egress:egress evil.example:443");
});

test("five thousand entries are laid out again in a few milliseconds", () => {
  const rows = new Rows();
  const entries = Array.from({ length: 5000 }, (_, place) =>
    place % 3 ? tool("bash", `k${place}`) : text(`k${place}`),
  );
  const one = turn("a", entries, { status: "running" });
  rows.update(view([one]));
  const started = performance.now();
  for (let frame = 0; frame < 20; frame += 1) rows.update(view([{ ...one, entries: [...entries] }]));
  expect((performance.now() - started) / 20).toBeLessThan(60);
});

test("a prompt that was taken back is one line, where that happened", () => {
  const running = turn("a", [text("t1")], { status: "running", endedAt: null });
  const back = turn("b", [], { status: "cancelled", startedAt: null, cause: "cancelled" });
  const later = { ...running, entries: [...running.entries, text("t2")] };
  const rows = new Rows().update(view([later, back], { runningPromptId: "a", status: "running" }));
  expect(shape(rows)).toEqual([
    "prompt:a prompt",
    "entry:t1",
    "taken back:b taken back",
    "entry:t2",
    "end:a end",
  ]);
});

test("a question's own tool call is not shown beside its card", () => {
  const question: Entry = {
    kind: "question",
    key: "q",
    at: at(),
    questionId: "q",
    questions: [],
    answers: null,
    rejected: false,
    by: null,
    cause: null,
    resolved: false,
  };
  const rows = new Rows().update(view([turn("a", [tool("question", "x"), question])]));
  expect(shape(rows)).toEqual(["prompt:a prompt", "entry:q", "end:a end"]);
});

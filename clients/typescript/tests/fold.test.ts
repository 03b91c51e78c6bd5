/** The rules of the fold that a page relies on. */
import { describe, expect, test } from "vitest";
import {
  apply,
  applyAll,
  applyDelta,
  emptyView,
  type SessionView,
  type TextEntry,
  type ToolEntry,
} from "../src/index.ts";
import { cost } from "../src/view/draft.ts";
import { asItem, delta, Log, text } from "./events.ts";

const RUN = "prm_1";

function fold(log: Log): SessionView {
  return applyAll(emptyView(), log.events.map(asItem));
}

function entries(view: SessionView) {
  return view.turns[0]?.entries ?? [];
}

describe("text in the making", () => {
  test("is appended where it belongs, in bytes; what comes twice changes nothing", () => {
    let view = fold(Log.running());
    view = applyDelta(view, RUN, delta("p", 0, "Grö"));
    view = applyDelta(view, RUN, delta("p", 4, "ße 👩‍👧"));
    expect(entries(view)[0]).toMatchObject({ kind: "text", text: "Größe 👩‍👧", committed: false });
    const same = applyDelta(view, RUN, delta("p", 0, "Grö"));
    expect(same).toBe(view);
    // It overlaps what is there.
    expect(entries(applyDelta(view, RUN, delta("p", 0, "Größe 👩‍👧!")))[0]).toMatchObject({
      text: "Größe 👩‍👧!",
    });
  });

  test("after a gap is dropped, until the committed text brings everything", () => {
    const log = Log.running();
    let view = fold(log);
    view = applyDelta(view, RUN, delta("p", 0, "one "));
    const before = view;
    view = applyDelta(view, RUN, delta("p", 8, "three"));
    expect(view).toBe(before);
    expect(applyDelta(fold(log), RUN, delta("p", 3, "late"))).toEqual(fold(log));
    const key = entries(view)[0]?.key;
    view = apply(view, log.add("message.text", text("m", "p", "one two three"), RUN));
    expect(entries(view)).toHaveLength(1);
    expect(entries(view)[0]).toMatchObject({ key, text: "one two three", committed: true });
    // Behind the commit.
    expect(applyDelta(view, RUN, delta("p", 13, " four"))).toBe(view);
  });

  test("a message that begins to speak anew takes back what it had not finished", () => {
    const log = Log.running();
    let view = applyDelta(fold(log), RUN, delta("p1", 0, "one two"));
    view = applyDelta(view, RUN, delta("p2", 0, "one"));
    expect(entries(view)).toMatchObject([{ kind: "text", text: "one", committed: false }]);
    view = apply(view, log.add("message.text", text("m", "p2", "one two three"), RUN));
    view = applyDelta(view, RUN, delta("p3", 0, "four"));
    expect(entries(view)).toMatchObject([{ text: "one two three" }, { text: "four" }]);
    // Nothing of the new try was shown before its end.
    view = apply(view, log.add("message.text", text("m", "p4", "four five"), RUN));
    expect(entries(view)).toMatchObject([{ text: "one two three" }, { text: "four five" }]);
  });

  test("entries keep the order in which they began", () => {
    const log = Log.running();
    let view = applyDelta(fold(log), RUN, delta("p1", 0, "first", "reasoning"));
    view = apply(view, log.add("tool_call.started", { tool_call_id: "c", tool: "bash", input: {} }, RUN));
    view = apply(view, log.add("message.reasoning", text("m", "p1", "first"), RUN));
    expect(entries(view).map((entry) => entry.kind)).toEqual(["reasoning", "tool"]);
  });

  test("what was never committed goes with the end of the turn", () => {
    const log = Log.running();
    let view = applyDelta(fold(log), RUN, delta("p", 0, "a try that was given up"));
    view = apply(view, log.add("message.text", text("m", "p2", "the answer"), RUN));
    view = apply(view, log.add("prompt.completed", { tokens: {}, cost_micro_usd: 1, duration_ms: 2 }, RUN));
    expect(entries(view).map((entry) => (entry as TextEntry).text)).toEqual(["the answer"]);
    expect(applyDelta(view, RUN, delta("p", 0, "late"))).toBe(view);
  });

  test("an interrupted turn keeps its words, and the late commit puts them right in place", () => {
    const log = Log.running();
    let view = applyDelta(fold(log), RUN, delta("p", 0, "so fa"));
    view = apply(view, log.add("prompt.cancelled", { cause: "interrupted" }, RUN));
    expect(entries(view)[0]).toMatchObject({ text: "so fa" });
    const key = entries(view)[0]?.key;
    view = apply(view, log.add("message.text", text("m", "p", "so far"), RUN));
    expect(entries(view)).toMatchObject([{ key, text: "so far", committed: true }]);
  });
});

describe("tools", () => {
  const started = { tool_call_id: "c", tool: "bash", title: "make", input: { command: "make" } };

  test("keep the tail of what they print, at most 64 KiB, cut between characters", () => {
    const log = Log.running();
    log.add("tool_call.started", started, RUN);
    const line = `${"👍".repeat(40)}\n`;
    for (let at = 0; at < 2_000; at += 1) {
      log.add("tool_call.updated", { tool_call_id: "c", output_delta: line }, RUN);
    }
    const tool = entries(fold(log))[0] as ToolEntry;
    expect(tool.output.length).toBeLessThanOrEqual(64 * 1024);
    expect(tool.output.length).toBeGreaterThan(64 * 1024 - 3);
    expect(tool.output.endsWith(line)).toBe(true);
    expect(tool.output).toBe(Buffer.from(tool.output).toString());
    expect(tool.truncated).toBe(true);
  });

  test("previews and events of the same output do not double it", () => {
    const log = Log.running();
    log.add("tool_call.started", started, RUN);
    let view = applyDelta(fold(log), RUN, delta("c", 0, "ein ü", "tool_output"));
    view = apply(view, log.add("tool_call.updated", { tool_call_id: "c", output_delta: "ein ü zwei" }, RUN));
    view = applyDelta(view, RUN, delta("c", 11, " drei", "tool_output"));
    expect((entries(view)[0] as ToolEntry).output).toBe("ein ü zwei drei");
  });

  test("that still run when the turn ends are stopped; a late end puts them right", () => {
    const log = Log.running();
    log.add("tool_call.started", started, RUN);
    log.add("prompt.cancelled", { cause: "interrupted" }, RUN);
    expect(entries(fold(log))[0]).toMatchObject({ status: "stopped" });
    log.add(
      "tool_call.completed",
      { tool_call_id: "c", tool: "bash", status: "failed", output: "x", exit_code: 130 },
      RUN,
    );
    expect(entries(fold(log))[0]).toMatchObject({
      status: "failed",
      title: "make",
      input: { command: "make" },
      exitCode: 130,
    });
  });

  test("a command that was cut off by the stop stays stopped, with what it printed", () => {
    const log = Log.running();
    log.add("tool_call.started", started, RUN);
    log.add("prompt.cancelled", { cause: "interrupted" }, RUN);
    log.add(
      "tool_call.completed",
      { tool_call_id: "c", tool: "bash", status: "completed", output: "x" },
      RUN,
    );
    expect(entries(fold(log))[0]).toMatchObject({ status: "stopped", output: "x", exitCode: null });
  });

  test("an edit names its file, the newest last, each once", () => {
    const log = Log.running();
    for (const path of ["a", "b", "a"]) {
      const input = { filePath: path };
      log.add(
        "tool_call.completed",
        { tool_call_id: path, tool: "edit", status: "completed", input, output: "", diff: "-" },
        RUN,
      );
    }
    expect(fold(log).changedFiles).toEqual(["b", "a"]);
  });
});

describe("events", () => {
  test("that are in already change nothing: the very same view comes back", () => {
    const log = Log.running();
    const view = fold(log);
    for (const event of log.events) expect(apply(view, event)).toBe(view);
  });

  test("of unknown types become notices, in their turn or outside", () => {
    const log = Log.running();
    log.add("hologram.shown", { x: 1 }, RUN);
    log.add("hologram.shown", {}, "prm_other");
    // Names of an object's own are no types.
    log.add("constructor", {}, "prm_other");
    const view = fold(log);
    expect(entries(view)).toMatchObject([{ kind: "notice", type: "hologram.shown", level: "info" }]);
    // A turn that is not there holds nothing.
    expect(view.notices.map((notice) => notice.type)).toEqual(["hologram.shown", "constructor"]);
  });

  test("with data of any shape never throw", () => {
    const types = [
      "session.created",
      "session.status_changed",
      "prompt.queued",
      "prompt.started",
      "prompt.completed",
      "prompt.failed",
      "prompt.cancelled",
      "sandbox.requested",
      "sandbox.connected",
      "sandbox.lost",
      "sandbox.failed",
      "workspace.progress",
      "agent.ready",
      "model.retrying",
      "message.text",
      "tool_call.started",
      "tool_call.updated",
      "tool_call.completed",
      "plan.updated",
      "permission.requested",
      "permission.resolved",
      "question.asked",
      "question.answered",
      "file.changed",
      "egress.decided",
      "usage.recorded",
      "error.raised",
      "environment.detected",
    ];
    const odd: unknown[] = [null, undefined, 7, "x", [], [[]], {}, { toString: 1 }];
    const log = Log.running();
    const names = [
      "text",
      "items",
      "tool_call_id",
      "questions",
      "options",
      "tokens",
      "why",
      "status",
      "path",
      "host",
      "error",
      "author",
      "permission_id",
      "attachments",
      "patterns",
      "answers",
    ];
    for (const type of types) {
      for (const value of odd) {
        log.add(type, Object.fromEntries(names.map((name) => [name, value])), RUN);
        log.add(type, value as Record<string, unknown>, RUN);
        log.add(
          type,
          Object.fromEntries(names.map((name) => [name, [value, { question: value, options: value }]])),
        );
      }
    }
    expect(fold(log).head).toBe(log.events.length);
  });
});

describe("cost", () => {
  test("what does not change keeps its identity", () => {
    const log = Log.running();
    log.add("message.text", text("m", "p1", "one"), RUN);
    log.add("prompt.completed", { tokens: {}, cost_micro_usd: 1, duration_ms: 2 }, RUN);
    const author = { user_id: "usr_1" };
    log.add("prompt.queued", { text: "again", author, position: 0 }, "prm_2");
    log.add("prompt.started", { model: "m" }, "prm_2");
    log.add("message.text", text("m", "p2", "two"), "prm_2");
    const before = fold(log);
    const after = apply(before, log.add("message.text", text("m", "p3", "three"), "prm_2"));
    expect(after).not.toBe(before);
    expect(after.turns[0]).toBe(before.turns[0]);
    expect(after.turns[1]).not.toBe(before.turns[1]);
    expect(after.turns[1]?.entries[0]).toBe(before.turns[1]?.entries[0]);
    expect(before.turns[1]?.entries).toHaveLength(1);
    for (const key of ["tokens", "pending", "queue", "plan", "egress", "notices", "phases"] as const) {
      expect(after[key]).toBe(before[key]);
    }
  });

  test("5,000 events at once copy no list more than once", () => {
    const log = Log.running();
    for (let at = 0; at < 1_250; at += 1) {
      log.add("message.text", text("m", `p${at}`, "words"), RUN);
      log.add("tool_call.started", { tool_call_id: `c${at}`, tool: "bash", input: {} }, RUN);
      log.add("tool_call.updated", { tool_call_id: `c${at}`, output_delta: "out" }, RUN);
      log.add(
        "tool_call.completed",
        { tool_call_id: `c${at}`, tool: "bash", status: "completed", output: "out" },
        RUN,
      );
    }
    const items = log.events.map(asItem);
    cost.copied = 0;
    const whole = applyAll(emptyView(), items);
    expect(cost.copied).toBeLessThan(100);
    expect(whole.turns[0]?.entries).toHaveLength(2_500);

    // And a batch on top of many costs one copy of what it touches.
    cost.copied = 0;
    const more = Array.from({ length: 200 }, (_, at) => ({
      kind: "delta" as const,
      promptId: RUN,
      delta: delta("new", at * 5, "words"),
    }));
    applyAll(whole, more);
    expect(cost.copied).toBeLessThan(2 * 2_500);
  });

  test("two histories that grow out of one view do not disturb each other", () => {
    const log = Log.running();
    const base = apply(fold(log), log.add("message.text", text("m", "p", "base"), RUN));
    const seq = log.events.length + 1;
    const at = "2026-01-01T00:00:00.000Z";
    const event = (part: string, words: string, more = 0) => ({
      seq: seq + more,
      type: "message.text",
      at,
      prompt_id: RUN,
      data: text("m", part, words),
    });
    const left = apply(apply(base, event("x", "left")), event("y", "left y", 1));
    const right = apply(apply(base, event("y", "right y")), event("x", "right x", 1));
    const again = apply(left, event("x", "left again", 2));
    expect(entries(again).map((entry) => (entry as TextEntry).text)).toEqual([
      "base",
      "left again",
      "left y",
    ]);
    expect(entries(right).map((entry) => (entry as TextEntry).text)).toEqual(["base", "right y", "right x"]);
    expect(entries(base)).toHaveLength(1);
  });
});

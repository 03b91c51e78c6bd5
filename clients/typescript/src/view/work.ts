/** What the agent does: text, reasoning, tool calls, its plan, the files it changes. */
import type { Draft } from "./draft.ts";
import * as read from "./read.ts";
import type { Step, Steps } from "./step.ts";
import { carry, takeBack, tell, textKey, toolKey } from "./stream.ts";
import type { TextEntry, ToolEntry } from "./types.ts";

/** Paths that are kept: the patch has them all. */
const MOST_FILES = 5_000;

export const work: Steps = {
  "message.text": message("text"),
  "message.reasoning": message("reasoning"),
  "tool_call.started": (draft, event, data) => {
    const toolCallId = read.text(data.tool_call_id);
    if (toolCallId === null || draft.peek(event.prompt_id) === undefined) return false;
    const key = toolKey(toolCallId);
    const before = draft.entry(event.prompt_id, key);
    const begun = tool(key, event.at, toolCallId, data);
    // Told again after a replacement of the sandbox: it is the same call.
    draft.put(event.prompt_id, before === undefined ? begun : { ...begun, at: before.at });
    return true;
  },
  "tool_call.updated": (draft, event, data) => {
    const entry = draft.entry(event.prompt_id, toolKey(read.text(data.tool_call_id) ?? ""));
    if (entry?.kind !== "tool" || (entry.status !== "running" && entry.status !== "stopped")) return true;
    const title = read.text(data.title);
    const titled = title === null ? entry : carry(entry, { ...entry, title });
    const more = read.text(data.output_delta);
    draft.put(event.prompt_id, more === null ? titled : tell(titled, more));
    return true;
  },
  "tool_call.completed": (draft, event, data) => {
    const toolCallId = read.text(data.tool_call_id);
    if (toolCallId === null || draft.peek(event.prompt_id) === undefined) return false;
    const key = toolKey(toolCallId);
    const before = draft.entry(event.prompt_id, key);
    const done = tool(key, before?.at ?? event.at, toolCallId, data);
    const diff = read.text(data.diff);
    const known = before?.kind === "tool" ? before : undefined;
    const input = done.input ?? known?.input ?? null;
    // A command that was stopped with its turn and came to no exit of its own: what it printed so far comes late.
    const cut = known?.status === "stopped" && isCommand(input) && read.number(data.exit_code) === null;
    draft.put(event.prompt_id, {
      ...done,
      title: done.title ?? known?.title ?? null,
      input,
      status: data.status === "failed" ? "failed" : cut ? "stopped" : "completed",
      output: read.text(data.output) ?? "",
      truncated: data.truncated === true,
      exitCode: read.number(data.exit_code),
      durationMs: read.number(data.duration_ms),
      diff,
    });
    if (diff !== null) fileChanged(draft, editedFile(input));
    return true;
  },
  "plan.updated": (draft, _event, data) => {
    draft.replace("plan", read.list(data.items, read.planItem));
    return true;
  },
  "file.changed": (draft, _event, data) => {
    fileChanged(draft, read.text(data.path));
    return true;
  },
};

function message(kind: "text" | "reasoning"): Step {
  return (draft, event, data) => {
    const messageId = read.text(data.message_id);
    const partId = read.text(data.part_id);
    const text = read.text(data.text);
    if (messageId === null || partId === null || text === null) return false;
    const turn = draft.peek(event.prompt_id);
    if (turn === undefined) return false;
    const key = textKey(messageId, partId);
    const whole: TextEntry = { kind, key, at: event.at, messageId, partId, text, committed: true };
    takeBack(draft, turn.promptId, whole);
    draft.put(turn.promptId, whole);
    return true;
  };
}

function tool(key: string, at: string, toolCallId: string, data: read.Data): ToolEntry {
  return {
    kind: "tool",
    key,
    at,
    toolCallId,
    tool: read.text(data.tool) ?? "",
    title: read.text(data.title),
    input: data.input ?? null,
    status: "running",
    output: "",
    truncated: false,
    exitCode: null,
    durationMs: null,
    diff: null,
  };
}

function isCommand(input: unknown): boolean {
  return read.text(read.record(input)?.command) !== null;
}

function editedFile(input: unknown): string | null {
  const data = read.record(input);
  return read.text(data?.filePath) ?? read.text(data?.file_path) ?? read.text(data?.path);
}

function fileChanged(draft: Draft, path: string | null): void {
  if (path === null || path === "" || draft.view.changedFiles.at(-1) === path) return;
  const files = draft.list("changedFiles");
  const at = files.indexOf(path);
  if (at >= 0) files.splice(at, 1);
  else if (files.length >= MOST_FILES) files.shift();
  files.push(path);
}

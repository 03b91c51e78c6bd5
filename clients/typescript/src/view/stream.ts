/** Text in the making: pieces are appended where they belong, whatever comes twice or not at all. */
import { byteLength, newIn } from "./bytes.ts";
import type { Draft } from "./draft.ts";
import type { Delta, Entry, SessionView, TextEntry, ToolEntry } from "./types.ts";

/** Characters of a running tool's output that are kept: the tail. */
export const TAIL = 64 * 1024;

/** Bytes that a text in the making has so far. */
const lengths = new WeakMap<Entry, number>();

interface Output {
  /** Bytes that events have told of. */
  told: number;
  /** Bytes that are there, deltas included. */
  have: number;
}

/** Of a running tool's output, of which the entry keeps the tail alone. */
const outputs = new WeakMap<Entry, Output>();

export function textKey(messageId: string, partId: string): string {
  return `text ${messageId} ${partId}`;
}

export function toolKey(toolCallId: string): string {
  return `tool ${toolCallId}`;
}

/** Takes a delta in. Only the turn that runs has any. */
export function takeDelta(draft: Draft, promptId: string, delta: Delta): void {
  if (draft.view.runningPromptId !== promptId) return;
  if (delta.kind === "tool_output") {
    const entry = draft.entry(promptId, toolKey(delta.part_id));
    if (entry?.kind !== "tool" || entry.status !== "running") return;
    const output = outputs.get(entry) ?? { told: 0, have: 0 };
    const fresh = newIn(delta.text, delta.offset, output.have);
    if (fresh !== null)
      draft.put(promptId, longer(entry, fresh, output.told, output.have + byteLength(fresh)));
    return;
  }
  const key = textKey(delta.message_id, delta.part_id);
  const entry = draft.entry(promptId, key);
  if (entry === undefined) {
    if (delta.offset !== 0 || delta.text === "") return;
    const fresh = begun(draft.view, key, delta);
    takeBack(draft, promptId, fresh);
    draft.put(promptId, fresh);
    return;
  }
  if ((entry.kind !== "text" && entry.kind !== "reasoning") || entry.committed) return;
  const have = lengths.get(entry) ?? byteLength(entry.text);
  const fresh = newIn(delta.text, delta.offset, have);
  if (fresh === null) return;
  const next: TextEntry = { ...entry, text: entry.text + fresh };
  lengths.set(next, have + byteLength(fresh));
  draft.put(promptId, next);
}

/** A message that speaks anew takes back what it began before and did not finish: the model was asked again. */
export function takeBack(draft: Draft, promptId: string, fresh: TextEntry): void {
  const entries = draft.peek(promptId)?.entries ?? [];
  const given = new Set<string>();
  let passed = draft.entry(promptId, fresh.key) === undefined;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry?.kind !== "text" && entry?.kind !== "reasoning") continue;
    // Messages come one after the other: before another one there is nothing of this one.
    if (entry.messageId !== fresh.messageId) break;
    if (passed && entry.kind === fresh.kind && !entry.committed) given.add(entry.key);
    if (entry.key === fresh.key) passed = true;
  }
  if (given.size > 0) draft.rewrite(promptId, (entry) => (given.has(entry.key) ? null : entry));
}

function begun(view: SessionView, key: string, delta: Delta): TextEntry {
  const entry: TextEntry = {
    kind: delta.kind === "reasoning" ? "reasoning" : "text",
    key,
    at: view.updatedAt ?? "",
    messageId: delta.message_id,
    partId: delta.part_id,
    text: delta.text,
    committed: false,
  };
  lengths.set(entry, byteLength(delta.text));
  return entry;
}

/** Output that an event tells of; deltas may have shown some of it already. */
export function tell(entry: ToolEntry, text: string): ToolEntry {
  const { told, have } = outputs.get(entry) ?? { told: 0, have: 0 };
  const bytes = byteLength(text);
  const fresh = newIn(text, told, have) ?? "";
  return longer(entry, fresh, told + bytes, Math.max(have, told + bytes));
}

function longer(entry: ToolEntry, fresh: string, told: number, have: number): ToolEntry {
  const whole = entry.output + fresh;
  const cut = whole.length > TAIL;
  const next: ToolEntry = { ...entry, output: cut ? tail(whole) : whole, truncated: entry.truncated || cut };
  outputs.set(next, { told, have });
  return next;
}

/** The end of a text, not beginning within a character. */
function tail(text: string): string {
  const start = text.length - TAIL;
  const unit = text.charCodeAt(start);
  return text.slice(unit >= 0xdc00 && unit < 0xe000 ? start + 1 : start);
}

/** Keeps what is known about a running tool's output for another version of its entry. */
export function carry(from: ToolEntry, to: ToolEntry): ToolEntry {
  const output = outputs.get(from);
  if (output !== undefined) outputs.set(to, output);
  return to;
}

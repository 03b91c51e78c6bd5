/** A tool call in words: what kind it is, its verb while it runs and after, and what it is about. */
import type { ToolEntry } from "@agent-coordinator/client";
import { plain } from "~/ui/plain.ts";

export type ToolKind =
  | "run"
  | "edit"
  | "write"
  | "read"
  | "list"
  | "search"
  | "fetch"
  | "plan"
  | "task"
  | "ask"
  | "other";

const KINDS: Record<string, ToolKind> = {
  bash: "run",
  shell: "run",
  run: "run",
  exec: "run",
  execute: "run",
  command: "run",
  terminal: "run",
  edit: "edit",
  multiedit: "edit",
  patch: "edit",
  apply_patch: "edit",
  str_replace: "edit",
  write: "write",
  create: "write",
  read: "read",
  view: "read",
  cat: "read",
  list: "list",
  ls: "list",
  grep: "search",
  glob: "search",
  search: "search",
  find: "search",
  websearch: "search",
  codesearch: "search",
  webfetch: "fetch",
  fetch: "fetch",
  todowrite: "plan",
  todoread: "plan",
  todo: "plan",
  plan: "plan",
  task: "task",
  agent: "task",
  question: "ask",
  ask: "ask",
};

export function kindOf(tool: string): ToolKind {
  const name = tool.toLowerCase();
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? "other") : "other";
}

const VERBS: Record<Exclude<ToolKind, "other">, [doing: string, done: string]> = {
  run: ["Running", "Ran"],
  edit: ["Editing", "Edited"],
  write: ["Writing", "Wrote"],
  read: ["Reading", "Read"],
  list: ["Listing", "Listed"],
  search: ["Searching", "Searched"],
  fetch: ["Fetching", "Fetched"],
  plan: ["Updating", "Updated"],
  task: ["Delegating", "Delegated"],
  ask: ["Asking", "Asked"],
};

export interface Described {
  kind: ToolKind;
  verb: string;
  /** Made safe to show; empty when there is nothing to say. */
  target: string;
  /** The target is a command, a path, a pattern: shown in the monospace face. */
  mono: boolean;
}

/** `input` fields that say what a call is about, best first. */
const TARGETS: Record<ToolKind, string[]> = {
  run: ["command", "cmd", "script"],
  edit: ["filePath", "file_path", "path"],
  write: ["filePath", "file_path", "path"],
  read: ["filePath", "file_path", "path"],
  list: ["path", "filePath"],
  search: ["pattern", "query", "regex"],
  fetch: ["url"],
  plan: [],
  task: ["description"],
  ask: ["question"],
  other: ["description", "command", "filePath", "path", "query", "url"],
};

export function describeCall(entry: ToolEntry): Described {
  const kind = kindOf(entry.tool);
  const verb =
    kind === "other" ? plain(entry.tool, 60) || "Tool" : VERBS[kind][entry.status === "running" ? 0 : 1];
  const found = field(entry.input, TARGETS[kind]);
  const target = kind === "plan" ? "the plan" : (found ?? entry.title ?? "");
  return {
    kind,
    verb,
    target: plain(target.trim(), 400),
    mono: found !== null && kind !== "task" && kind !== "ask",
  };
}

/** The whole command of a call that ran one. */
export function commandOf(entry: ToolEntry): string | null {
  return kindOf(entry.tool) === "run" ? field(entry.input, TARGETS.run) : null;
}

function field(input: unknown, names: string[]): string | null {
  if (typeof input !== "object" || input === null) return null;
  for (const name of names) {
    const value = (input as Record<string, unknown>)[name];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return null;
}

/** "Read 6 files", "Read 2 files, searched 3 times", "Reading 2 files". */
export function describeGroup(entries: ToolEntry[]): string {
  const running = entries.some((entry) => entry.status === "running");
  const files = new Set<string>();
  let searches = 0;
  let lists = 0;
  for (const entry of entries) {
    const kind = kindOf(entry.tool);
    if (kind === "search") searches += 1;
    else if (kind === "list") lists += 1;
    else files.add(field(entry.input, TARGETS.read) ?? entry.title ?? entry.key);
  }
  const parts = [
    files.size > 0 && `${running ? "reading" : "read"} ${times(files.size, "file", "files")}`,
    searches > 0 && `${running ? "searching" : "searched"} ${searches === 1 ? "once" : `${searches} times`}`,
    lists > 0 && `${running ? "listing" : "listed"} ${times(lists, "directory", "directories")}`,
  ].filter((part) => part !== false);
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function times(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

/** A long target in two pieces, of which the first gives way: the end of a path says most. */
export function middle(target: string, mono: boolean): [head: string, tail: string] {
  if (!mono || target.length < 40) return [target, ""];
  const slash = target.lastIndexOf("/");
  const name = target.length - slash;
  const keep = slash > 0 && !target.includes(" ") && name <= 40 ? name : 14;
  return [target.slice(0, -keep), target.slice(-keep)];
}

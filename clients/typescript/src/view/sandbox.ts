/** The sandbox and how it is prepared, phase by phase. */
import type { Draft } from "./draft.ts";
import { note } from "./notice.ts";
import * as read from "./read.ts";
import type { Steps } from "./step.ts";
import type { Phase, SandboxView } from "./types.ts";

/** Phases that are kept: a runner may name as many as it likes. */
const MOST_PHASES = 100;

export const sandbox: Steps = {
  "sandbox.requested": (draft, event, data) => {
    const id = read.text(data.sandbox_id);
    if (id === null) return false;
    draft.replace("sandbox", {
      id,
      generation: read.number(data.generation) ?? 0,
      phase: "starting",
      provider: read.text(data.provider) ?? "",
      isolation: null,
      runnerVersion: null,
      requestedAt: event.at,
      connectedAt: null,
      cause: null,
    });
    draft.replace("phases", [phase("sandbox", "started", event.at)]);
    draft.replace("agentReady", null);
    return true;
  },
  "sandbox.connected": (draft, event, data) => {
    change(draft, data, {
      phase: "preparing",
      isolation: read.record(data.isolation),
      runnerVersion: read.text(data.runner_version),
      connectedAt: event.at,
    });
    progress(draft, "sandbox", event.at, { state: "completed", elapsedMs: read.number(data.elapsed_ms) });
    return true;
  },
  "workspace.progress": (draft, event, data) => {
    const name = read.text(data.phase);
    if (name === null) return false;
    progress(draft, name, event.at, {
      state: phaseState(data.state),
      message: read.text(data.message),
      percent: read.number(data.percent),
      elapsedMs: read.number(data.elapsed_ms),
    });
    return true;
  },
  "agent.ready": (draft, event, data) => {
    const { sandbox: current } = draft.view;
    if (current?.phase === "preparing") draft.replace("sandbox", { ...current, phase: "ready" });
    const elapsedMs = read.number(data.elapsed_ms) ?? 0;
    draft.replace("agentReady", {
      agent: read.text(data.agent) ?? "",
      version: read.text(data.version) ?? "",
      resumed: data.resumed === true,
      elapsedMs,
    });
    progress(draft, "agent", event.at, { state: "completed", elapsedMs });
    return true;
  },
  "sandbox.stopped": (draft, event, data) => {
    gone(draft, data, event.at);
    const cause = read.text(data.cause) ?? "stopped";
    note(
      draft,
      event,
      "info",
      cause === "hibernated" ? "The sandbox went to sleep." : "The sandbox was stopped.",
    );
    return true;
  },
  "sandbox.lost": (draft, event, data) => {
    gone(draft, data, event.at);
    note(
      draft,
      event,
      "warning",
      `The sandbox was lost: ${read.text(data.cause) ?? "for an unknown reason"}.`,
    );
    return true;
  },
  "sandbox.failed": (draft, event, data) => {
    gone(draft, data, event.at);
    const cause = read.text(data.cause) ?? "for an unknown reason";
    const next = read.text(data.next_step) ?? "";
    note(draft, event, "error", `The sandbox failed: ${cause}. ${next}`.trim());
    return true;
  },
  "sandbox.snapshotted": () => true,
};

/** Changes the sandbox of that generation; what is told of an older one is history. */
function change(draft: Draft, data: read.Data, changes: Partial<SandboxView>): void {
  const { sandbox: current } = draft.view;
  if (current !== null && current.generation === data.generation) {
    draft.replace("sandbox", { ...current, ...changes });
  }
}

function gone(draft: Draft, data: read.Data, at: string): void {
  if (draft.view.sandbox?.generation !== data.generation) return;
  change(draft, data, { phase: "gone", cause: read.text(data.cause) });
  for (const { phase: name, state } of draft.view.phases) {
    if (state === "started" || state === "running") progress(draft, name, at, { state: "failed" });
  }
}

function progress(draft: Draft, name: string, at: string, changes: Partial<Phase>): void {
  const phases = draft.list("phases");
  const found = phases.findIndex((one) => one.phase === name);
  const before = phases[found];
  if (before !== undefined) phases[found] = { ...before, ...given(changes) };
  else if (phases.length < MOST_PHASES) phases.push({ ...phase(name, "started", at), ...given(changes) });
}

/** What is not told does not take away what was. */
function given(changes: Partial<Phase>): Partial<Phase> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}

function phase(name: string, state: Phase["state"], startedAt: string): Phase {
  return { phase: name, state, message: null, percent: null, startedAt, elapsedMs: null };
}

function phaseState(value: unknown): Phase["state"] {
  return value === "started" || value === "completed" || value === "failed" ? value : "running";
}

/**
 * A session's view as the rows of its transcript: a prompt, what the agent did for it, how it ended. Rows keep their
 * identity while they show the same, so that a frame draws only what changed.
 */
import type {
  EgressRow,
  Entry,
  NoticeEntry,
  Phase,
  SessionView,
  ToolEntry,
  Turn,
} from "@agent-coordinator/client";
import { kindOf } from "../tools/describe.ts";

export type Row =
  | { kind: "prompt"; key: string; turn: Turn; first: boolean; newModel: boolean; waiting: boolean }
  | { kind: "entry"; key: string; entry: Entry; since: string | null; newest: boolean }
  | { kind: "group"; key: string; entries: ToolEntry[]; newest: boolean }
  | { kind: "end"; key: string; turn: Turn; last: boolean; waiting: boolean }
  | { kind: "preparation"; key: string; phases: Phase[]; ready: boolean; gone: boolean }
  | { kind: "egress"; key: string; row: EgressRow }
  | { kind: "taken back"; key: string; turn: Turn };

/** Notices that something else on the page already says. */
const SAID = new Set(["prompt.completed", "session.status_changed", "usage.recorded"]);

export class Rows {
  #turns = new Map<string, { turn: Turn; context: string; rows: Row[] }>();
  #byKey = new Map<string, Row>();
  #rows: Row[] = [];
  /** Where a refused host was first seen; its line stays there. */
  #egress = new Map<string, string>();

  update(view: SessionView): Row[] {
    const turns = new Map<string, { turn: Turn; context: string; rows: Row[] }>();
    const rows: Row[] = [];
    let model: string | null = null;
    const shown = shownTurns(view);
    for (const [at, turn] of shown.entries()) {
      const last = at === shown.length - 1;
      const waits = turn.promptId === view.runningPromptId && view.status === "waiting";
      const newModel = turn.model !== null && turn.model !== (model ?? view.model);
      const context = `${last} ${waits} ${newModel} ${at === 0}`;
      const known = this.#turns.get(turn.promptId);
      const made =
        known !== undefined && known.turn === turn && known.context === context
          ? known.rows
          : this.#turn(turn, { last, waits, newModel, first: at === 0 });
      turns.set(turn.promptId, { turn, context, rows: made });
      rows.push(...made);
      model = turn.model ?? model;
    }
    this.#turns = turns;
    for (const loose of this.#loose(view)) insert(rows, loose.row, loose.at);
    this.#byKey = new Map(rows.map((row) => [row.key, row]));
    if (rows.length === this.#rows.length && rows.every((row, at) => row === this.#rows[at]))
      return this.#rows;
    this.#rows = rows;
    return rows;
  }

  #turn(turn: Turn, at: { last: boolean; waits: boolean; newModel: boolean; first: boolean }): Row[] {
    const id = turn.promptId;
    const rows: Row[] = [
      this.#keep({
        kind: "prompt",
        key: `${id} prompt`,
        turn,
        first: at.first,
        newModel: at.newModel,
        waiting: turn.status === "queued",
      }),
    ];
    const running = turn.status === "running";
    let since = turn.startedAt;
    let group: ToolEntry[] = [];
    const asked = turn.entries.some((entry) => entry.kind === "question");
    const entries = turn.entries.filter((entry) => !isSaid(entry, asked));
    const close = (newest: boolean): void => {
      const [first] = group;
      if (first === undefined) return;
      rows.push(
        group.length === 1
          ? this.#keep({ kind: "entry", key: first.key, entry: first, since: null, newest })
          : this.#keep({ kind: "group", key: first.key, entries: group, newest }),
      );
      group = [];
    };
    for (const [place, entry] of entries.entries()) {
      const newest = running && place === entries.length - 1;
      if (entry.kind === "tool" && isLook(entry)) {
        group.push(entry);
        if (place === entries.length - 1) close(newest);
      } else {
        close(false);
        rows.push(
          this.#keep({
            kind: "entry",
            key: entry.key,
            entry,
            since: entry.kind === "reasoning" ? since : null,
            newest,
          }),
        );
      }
      since = endOf(entry);
    }
    close(false);
    if (turn.status !== "queued") {
      rows.push(this.#keep({ kind: "end", key: `${id} end`, turn, last: at.last, waiting: at.waits }));
    }
    return rows;
  }

  /** What belongs to no turn, with the time at which it stands. */
  #loose(view: SessionView): { row: Row; at: string }[] {
    const loose: { row: Row; at: string }[] = [];
    const [first] = view.phases;
    if (first !== undefined && view.sandbox !== null) {
      const row = this.#keep({
        kind: "preparation",
        key: `preparation ${view.sandbox.id}`,
        phases: view.phases,
        ready: view.agentReady !== null,
        gone: view.sandbox.phase === "gone",
      });
      loose.push({ row, at: first.startedAt });
    }
    for (const turn of view.turns) {
      if (!neverRan(turn)) continue;
      const row = this.#keep({ kind: "taken back", key: `${turn.promptId} taken back`, turn });
      loose.push({ row, at: turn.endedAt ?? turn.queuedAt });
    }
    for (const notice of view.notices) {
      if (SAID.has(notice.type)) continue;
      loose.push({ row: this.#notice(notice), at: notice.at });
    }
    for (const row of view.egress) {
      if (row.decision !== "denied") continue;
      const key = `egress ${row.host}:${row.port}`;
      const at = this.#egress.get(key) ?? row.lastAt;
      this.#egress.set(key, at);
      loose.push({ row: this.#keep({ kind: "egress", key, row }), at });
    }
    return loose;
  }

  #notice(entry: NoticeEntry): Row {
    return this.#keep({ kind: "entry", key: entry.key, entry, since: null, newest: false });
  }

  /** The row as it was, if it shows the same. */
  #keep<Kind extends Row>(row: Kind): Kind {
    const before = this.#byKey.get(row.key);
    return before !== undefined && same(before, row) ? (before as Kind) : row;
  }
}

/** A prompt that waits is a chip above the composer; the next one is in the transcript while nothing runs. */
export function shownTurns(view: SessionView): Turn[] {
  const next = view.runningPromptId === null ? view.queue[0] : undefined;
  return view.turns.filter((turn) => (turn.status === "queued" ? turn.promptId === next : !neverRan(turn)));
}

/** Taken back while it waited: that is told in one line, when it happened. */
function neverRan(turn: Turn): boolean {
  return turn.status === "cancelled" && turn.startedAt === null;
}

/** Prompts that are chips above the composer. */
export function waitingTurns(view: SessionView): Turn[] {
  const chips = view.runningPromptId === null ? view.queue.slice(1) : view.queue;
  const byId = new Map(view.turns.map((turn) => [turn.promptId, turn]));
  return chips.flatMap((id) => byId.get(id) ?? []);
}

/** Calls that only look, and went well or still go: those stand together on one line. */
export function isLook(entry: ToolEntry): boolean {
  const kind = kindOf(entry.tool);
  return (kind === "read" || kind === "search" || kind === "list") && entry.status !== "failed";
}

/** What something else in the transcript already says: a question is its own card. */
function isSaid(entry: Entry, asked: boolean): boolean {
  if (entry.kind === "notice") return SAID.has(entry.type);
  return asked && entry.kind === "tool" && kindOf(entry.tool) === "ask";
}

function endOf(entry: Entry): string {
  if (entry.kind !== "tool" || entry.durationMs === null) return entry.at;
  return new Date(Date.parse(entry.at) + entry.durationMs).toISOString();
}

function insert(rows: Row[], row: Row, at: string): void {
  let place = rows.length;
  while (place > 0) {
    const before = timeOf(rows[place - 1], row.kind);
    if (before !== null && before <= at) break;
    place -= 1;
  }
  rows.splice(place, 0, row);
}

/** A sandbox is prepared for a prompt that waits; everything else that a prompt follows happened before it began. */
function timeOf(row: Row | undefined, loose: Row["kind"]): string | null {
  switch (row?.kind) {
    case "prompt":
      return loose === "preparation" ? row.turn.queuedAt : (row.turn.startedAt ?? row.turn.queuedAt);
    case "entry":
      return row.entry.at;
    case "group":
      return row.entries[0]?.at ?? null;
    case "end":
      return row.turn.endedAt;
    case "preparation":
      return row.phases[0]?.startedAt ?? null;
    case "egress":
      return row.row.lastAt;
    case "taken back":
      return row.turn.endedAt;
    default:
      return null;
  }
}

function same(before: Row, now: Row): boolean {
  if (before.kind !== now.kind) return false;
  if (before.kind === "prompt" && now.kind === "prompt") {
    return (
      before.first === now.first &&
      before.newModel === now.newModel &&
      before.waiting === now.waiting &&
      alike(before.turn, now.turn, ["promptId", "text", "model", "attachments", "queuedAt"])
    );
  }
  if (before.kind === "end" && now.kind === "end") {
    return (
      before.last === now.last &&
      before.waiting === now.waiting &&
      alike(before.turn, now.turn, [
        "promptId",
        "status",
        "endedAt",
        "error",
        "tokens",
        "costMicroUsd",
        "cause",
        "startedAt",
      ])
    );
  }
  if (before.kind === "group" && now.kind === "group") {
    return (
      before.newest === now.newest &&
      before.entries.length === now.entries.length &&
      before.entries.every((entry, at) => entry === now.entries[at])
    );
  }
  const keys = Object.keys(now) as (keyof Row)[];
  return keys.every((key) => before[key] === now[key]);
}

function alike(before: Turn, now: Turn, keys: (keyof Turn)[]): boolean {
  return keys.every((key) => before[key] === now[key]);
}

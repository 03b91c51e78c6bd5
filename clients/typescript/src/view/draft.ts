/**
 * A view in the making. What is changed is copied first, once for each batch, so that everything untouched keeps its
 * identity and a page draws only what is new.
 */
import type { Entry, SessionView, Turn } from "./types.ts";

/** Where an entry is, by key; shared by all versions of a list, since entries are only ever added at its end. */
const places = new WeakMap<Entry[], Map<string, number>>();

/** What a batch cost: array elements and objects copied. For tests of its complexity. */
export const cost = { copied: 0 };

export class Draft {
  readonly view: SessionView;
  /** Whether anything was changed. */
  changed = false;
  readonly #own = new WeakSet<object>();
  /** Places of the turns, made when they are first asked for. */
  #turns: Map<string, number> | undefined;

  constructor(base: SessionView) {
    this.view = { ...base };
    cost.copied += 1;
  }

  /** The array, now free to be changed in place. */
  list<Key extends ListKey>(key: Key): SessionView[Key] {
    const found = this.view[key];
    this.changed = true;
    if (this.#own.has(found)) return found;
    const copy = this.#copy(found as unknown[]) as SessionView[Key];
    this.view[key] = copy;
    return copy;
  }

  /** A new object takes the place of the old one. */
  replace<Key extends keyof SessionView>(key: Key, value: SessionView[Key]): void {
    this.view[key] = value;
    this.changed = true;
  }

  /** The turn, free to be changed; undefined when there is none. */
  turn(promptId: string | null | undefined): Turn | undefined {
    const at = this.#turnAt(promptId);
    const found = at === undefined ? undefined : this.view.turns[at];
    if (at === undefined || found === undefined || this.#own.has(found)) return found;
    const copy = { ...found };
    cost.copied += 1;
    this.#own.add(copy);
    this.list("turns")[at] = copy;
    return copy;
  }

  /** The turn, to be looked at. */
  peek(promptId: string | null | undefined): Turn | undefined {
    const at = this.#turnAt(promptId);
    return at === undefined ? undefined : this.view.turns[at];
  }

  addTurn(turn: Turn): void {
    this.#own.add(turn);
    this.#own.add(turn.entries);
    const turns = this.list("turns");
    this.#index().set(turn.promptId, turns.length);
    turns.push(turn);
  }

  /** An entry of a turn, to be looked at. */
  entry(promptId: string | null | undefined, key: string): Entry | undefined {
    const turn = this.peek(promptId);
    const at = turn && placeOf(turn.entries, key);
    return at === undefined ? undefined : turn?.entries[at];
  }

  /** Puts an entry where the one of its key is, else at the end. */
  put(promptId: string | null | undefined, entry: Entry): void {
    const turn = this.turn(promptId);
    if (turn === undefined) return;
    const entries = this.#entries(turn);
    const at = placeOf(entries, entry.key);
    if (at !== undefined) {
      entries[at] = entry;
      return;
    }
    indexOf(entries).set(entry.key, entries.length);
    entries.push(entry);
  }

  /** Replaces entries by what `change` makes of them; null takes one out. */
  rewrite(promptId: string, change: (entry: Entry) => Entry | null): void {
    const entries = this.peek(promptId)?.entries;
    if (entries === undefined) return;
    const changed = entries.map(change);
    if (changed.every((entry, at) => entry === entries[at])) return;
    const turn = this.turn(promptId);
    if (turn === undefined) return;
    turn.entries = changed.filter((entry): entry is Entry => entry !== null);
    cost.copied += entries.length;
    this.#own.add(turn.entries);
  }

  #entries(turn: Turn): Entry[] {
    if (this.#own.has(turn.entries)) return turn.entries;
    const known = places.get(turn.entries);
    turn.entries = this.#copy(turn.entries);
    if (known !== undefined) places.set(turn.entries, known);
    return turn.entries;
  }

  #copy<Item>(items: Item[]): Item[] {
    const copy = items.slice();
    cost.copied += items.length;
    this.#own.add(copy);
    return copy;
  }

  #turnAt(promptId: string | null | undefined): number | undefined {
    return promptId === null || promptId === undefined ? undefined : this.#index().get(promptId);
  }

  #index(): Map<string, number> {
    this.#turns ??= new Map(this.view.turns.map((turn, at) => [turn.promptId, at]));
    return this.#turns;
  }
}

type ListKey = "turns" | "queue" | "phases" | "egress" | "changedFiles" | "notices";

function indexOf(entries: Entry[]): Map<string, number> {
  let index = places.get(entries);
  if (index === undefined) {
    index = new Map(entries.map((entry, at) => [entry.key, at]));
    places.set(entries, index);
  }
  return index;
}

/** Two histories may grow out of one view: a place that does not hold is looked for. */
function placeOf(entries: Entry[], key: string): number | undefined {
  const at = indexOf(entries).get(key);
  if (at === undefined || entries[at]?.key === key) return at;
  const found = entries.findIndex((entry) => entry.key === key);
  return found < 0 ? undefined : found;
}

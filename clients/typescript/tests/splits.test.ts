/** However the stream is cut, with text in the making or without, and whatever comes twice: the view is the same. */
import { expect, test } from "vitest";
import { applyAll, type Delta, emptyView, type LiveItem, type SessionEvent } from "../src/index.ts";
import { byteLength } from "../src/view/bytes.ts";
import { asItem } from "./events.ts";
import { fixtures } from "./fixtures.ts";
import { Dice } from "./random.ts";

const ROUNDS = 20;

test.each(fixtures)("$name", ({ events }) => {
  const expected = applyAll(emptyView(), events.map(asItem));
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const dice = new Dice(seed);
    const stream = repeated(withDeltas(events, dice), dice);
    let view = emptyView();
    while (stream.length > 0) view = applyAll(view, stream.splice(0, 1 + dice.roll(12)));
    expect(view, `seed ${seed}`).toEqual(expected);
  }
});

/** As it is seen live: before text is committed it comes in pieces, some of them given up. */
function withDeltas(events: SessionEvent[], dice: Dice): LiveItem[] {
  const told = new Map<string, number>();
  return events.flatMap((event) => {
    const { data, type, prompt_id: promptId } = event;
    const items: LiveItem[] = [];
    const pieces = (words: string, start: number, part: Omit<Delta, "offset" | "text">) => {
      if (typeof promptId !== "string" || dice.roll(4) === 0) return;
      for (const [offset, piece] of cut(words, dice)) {
        items.push({ kind: "delta", promptId, delta: { ...part, offset: start + offset, text: piece } });
      }
    };
    if (type === "message.text" || type === "message.reasoning") {
      const kind = type === "message.text" ? "text" : "reasoning";
      pieces(String(data.text), 0, {
        message_id: String(data.message_id),
        part_id: String(data.part_id),
        kind,
      });
    }
    if (type === "tool_call.updated") {
      const id = String(data.tool_call_id);
      const before = told.get(id) ?? 0;
      pieces(String(data.output_delta), before, { message_id: "", part_id: id, kind: "tool_output" });
      told.set(id, before + byteLength(String(data.output_delta)));
    }
    if (type === "prompt.completed")
      pieces("given up", 0, { message_id: "ghost", part_id: "ghost", kind: "text" });
    return [...items, asItem(event)];
  });
}

/** Pieces of whole characters; now and then one is lost. */
function cut(words: string, dice: Dice): [number, string][] {
  const pieces: [number, string][] = [];
  const chars = [...words];
  let offset = 0;
  while (chars.length > 0) {
    const piece = chars.splice(0, 1 + dice.roll(5)).join("");
    if (dice.roll(12) > 0) pieces.push([offset, piece]);
    offset += byteLength(piece);
  }
  return pieces;
}

/** Some of what came comes again, a little later. */
function repeated(items: LiveItem[], dice: Dice): LiveItem[] {
  return items.flatMap((item, at) => {
    const again = items[at - dice.roll(6)];
    return dice.roll(4) === 0 && again !== undefined ? [item, again] : [item];
  });
}

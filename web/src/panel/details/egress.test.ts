/** The table of places: summed up, refusals first, and nothing but names in what an operator copies. */
import type { EgressRow } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { allowList, sorted } from "./egress.ts";

const row = (
  host: string,
  decision: string,
  count: number,
  reason = "the host is not on the list of allowed hosts",
  port = 443,
): EgressRow => ({
  host,
  port,
  decision,
  reason,
  count,
  lastAt: `2026-01-01T00:00:0${count % 10}.000Z`,
});

test("refusals first, then by how often", () => {
  const found = sorted([
    row("a.com", "allowed", 9, "listed"),
    row("b.com", "denied", 1),
    row("c.com", "denied", 4),
    row("d.com", "allowed", 20, "listed"),
  ]);
  expect(found.map((each) => each.host)).toEqual(["c.com", "b.com", "d.com", "a.com"]);
});

test("the same place is one row", () => {
  const found = sorted([
    row("a.com", "denied", 2),
    row("a.com", "denied", 3),
    row("a.com", "denied", 1, undefined, 80),
  ]);
  expect(found.map((each) => [each.port, each.count])).toEqual([
    [443, 5],
    [80, 1],
  ]);
  expect(found[0]?.lastAt).toBe("2026-01-01T00:00:03.000Z");
});

test("an operator is offered names only, each once", () => {
  expect(
    allowList([
      row("b.com", "denied", 1),
      row("B.com", "denied", 1, undefined, 80),
      row("a.com", "allowed", 1, "listed"),
      row("10.0.0.1", "denied", 1, "the address is private"),
      row("x;rm -rf", "denied", 1),
      row("a,*", "denied", 1),
    ]),
  ).toEqual(["b.com"]);
});

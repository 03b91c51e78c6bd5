/** What is counted: tokens, cost, and the ways out that were used. */
import * as read from "./read.ts";
import type { Steps } from "./step.ts";

/** Rows that are kept: an agent may try any number of hosts. */
const MOST_ROWS = 1_000;

export const money: Steps = {
  "usage.recorded": (draft, _event, data) => {
    const { tokens: sum, costMicroUsd } = draft.view;
    const more = read.tokens(data.tokens);
    draft.replace("tokens", {
      input: sum.input + more.input,
      output: sum.output + more.output,
      cached: sum.cached + more.cached,
      reasoning: sum.reasoning + more.reasoning,
    });
    const cost = read.number(data.cost_micro_usd);
    // One unknown price makes the sum unknown, for good.
    draft.replace("costMicroUsd", costMicroUsd === null || cost === null ? null : costMicroUsd + cost);
    return true;
  },
  "egress.decided": (draft, event, data) => {
    const host = read.text(data.host);
    const port = read.number(data.port);
    const decision = read.text(data.decision);
    if (host === null || port === null || decision === null) return false;
    const rows = draft.list("egress");
    const at = rows.findIndex((row) => row.host === host && row.port === port && row.decision === decision);
    const count = (rows[at]?.count ?? 0) + (read.number(data.count) ?? 1);
    const row = { host, port, decision, reason: read.text(data.reason) ?? "", count, lastAt: event.at };
    if (at >= 0) rows[at] = row;
    else {
      if (rows.length >= MOST_ROWS) rows.shift();
      rows.push(row);
    }
    return true;
  },
};

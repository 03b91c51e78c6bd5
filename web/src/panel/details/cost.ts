/** Tokens and money by turn, with their sums. */
import type { Tokens, Turn } from "@agent-coordinator/client";

export interface CostSum {
  tokens: Tokens;
  /** Of the turns whose price is known. */
  microUsd: number;
  /** Turns that used tokens and whose price is not known. */
  unknown: number;
}

export function used(turn: Turn): boolean {
  return turn.startedAt !== null;
}

export function sum(turns: Turn[]): CostSum {
  const out: CostSum = { tokens: { input: 0, output: 0, cached: 0, reasoning: 0 }, microUsd: 0, unknown: 0 };
  for (const { tokens, costMicroUsd } of turns) {
    if (tokens === null) continue;
    out.tokens.input += tokens.input;
    out.tokens.output += tokens.output;
    out.tokens.cached += tokens.cached;
    out.tokens.reasoning += tokens.reasoning;
    if (costMicroUsd === null) out.unknown += 1;
    else out.microUsd += costMicroUsd;
  }
  return out;
}

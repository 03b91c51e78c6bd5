/** How far a plan is. Agents use their own words for states; these are the ones that are known. */
import type { PlanItem } from "@agent-coordinator/client";

export type Step = "done" | "now" | "next" | "dropped";

export function step(status: string): Step {
  if (/^(completed|complete|done)$/i.test(status)) return "done";
  if (/^(in_progress|in-progress|running|active)$/i.test(status)) return "now";
  if (/^(cancelled|canceled|skipped)$/i.test(status)) return "dropped";
  return "next";
}

export function done(plan: PlanItem[]): number {
  return plan.filter((item) => step(item.status) === "done").length;
}

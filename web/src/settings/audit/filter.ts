/** From the filter bar to a question to the server. */
import type { AuditOutcome, AuditQuery } from "@agent-coordinator/client";

export interface Filter {
  /** "" = everybody. */
  actor: string;
  /** What the action begins with; "" = everything. */
  action: string;
  /** Id of what it was done to. */
  target: string;
  outcome: "" | AuditOutcome;
  span: Span;
  /** Local date and time as the field has them, with `span` = "between". */
  since: string;
  until: string;
}

export type Span = "any" | "hour" | "day" | "week" | "month" | "between";

export const NO_FILTER: Filter = {
  actor: "",
  action: "",
  target: "",
  outcome: "",
  span: "any",
  since: "",
  until: "",
};

const HOUR_MS = 3_600_000;
const SPAN_MS: Partial<Record<Span, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** `now` is when the filter was set: a list must not ask another question with every second. */
export function queryOf(filter: Filter, now: number): AuditQuery {
  const query: AuditQuery = {};
  if (filter.actor) query.actor = filter.actor;
  if (filter.action) query.action = filter.action;
  if (filter.target.trim()) query.target = filter.target.trim();
  if (filter.outcome) query.outcome = filter.outcome;
  const past = SPAN_MS[filter.span];
  if (past !== undefined) query.since = new Date(now - past).toISOString();
  if (filter.span === "between") {
    const since = asTime(filter.since);
    const until = asTime(filter.until);
    if (since) query.since = since;
    if (until) query.until = until;
  }
  return query;
}

export function isFiltered(query: AuditQuery): boolean {
  return Object.keys(query).length > 0;
}

function asTime(local: string): string | undefined {
  const time = Date.parse(local);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

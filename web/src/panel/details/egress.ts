/** Where the sandbox went and where it was not let, one row for a place, refusals first. */
import type { EgressRow } from "@agent-coordinator/client";

export function sorted(rows: EgressRow[]): EgressRow[] {
  const places = new Map<string, EgressRow>();
  for (const row of rows) {
    const key = `${row.decision} ${row.host} ${row.port} ${row.reason}`;
    const before = places.get(key);
    if (!before) places.set(key, row);
    else
      places.set(key, {
        ...row,
        count: before.count + row.count,
        lastAt: later(before.lastAt, row.lastAt),
      });
  }
  return [...places.values()].sort(
    (a, b) =>
      Number(isAllowed(a)) - Number(isAllowed(b)) || b.count - a.count || a.host.localeCompare(b.host),
  );
}

/** Both are of the one form that sorts as text. */
function later(one: string, other: string): string {
  return one.localeCompare(other) > 0 ? one : other;
}

export function isAllowed(row: EgressRow): boolean {
  return row.decision === "allowed";
}

/** The refused hosts an operator could allow, for the list in the server's settings. Only what is a name goes there. */
export function allowList(rows: EgressRow[]): string[] {
  const hosts = rows
    .filter(
      (row) =>
        !isAllowed(row) &&
        row.reason.includes("not on the list") &&
        /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(row.host),
    )
    .map((row) => row.host.toLowerCase());
  return [...new Set(hosts)].sort();
}

/** The walls around a sandbox as its event tells them. The event comes from outside: every field is looked at. */

export type Level = "full" | "reduced" | "none" | "unknown";

export interface Limit {
  name: string;
  value: string;
  /** `hard`, `watched` or `none`, or a word of a newer server. */
  held: string;
}

export interface Isolation {
  level: Level;
  layers: string[];
  limits: Limit[];
  notes: string[];
}

export function isolation(raw: Record<string, unknown> | null): Isolation | null {
  if (raw === null) return null;
  const { level } = raw;
  return {
    level: level === "full" || level === "reduced" || level === "none" ? level : "unknown",
    layers: layers(raw),
    limits: limits(raw),
    notes: strings(raw.notes),
  };
}

function layers(raw: Record<string, unknown>): string[] {
  const out: string[] = [];
  const namespaces = strings(raw.namespaces);
  if (namespaces.length > 0) out.push(`Namespaces: ${namespaces.join(", ")}`);
  if (typeof raw.landlock_abi === "number") out.push(`Landlock ABI ${raw.landlock_abi}`);
  if (raw.seccomp === true) out.push("seccomp filter");
  if (typeof raw.host_uid === "number") out.push(`Own user on the host (${raw.host_uid})`);
  return out;
}

function limits(raw: Record<string, unknown>): Limit[] {
  const given = record(raw.limits);
  const out: Limit[] = [];
  const add = (name: string, value: unknown, shown: (value: number) => string, held: unknown): void => {
    if (typeof value === "number")
      out.push({ name, value: shown(value), held: typeof held === "string" ? held : "unknown" });
  };
  add("Memory", given.memory_bytes, size, raw.memory);
  add("CPU", given.cpu_milli, (milli) => `${milli / 1000} ${milli === 1000 ? "core" : "cores"}`, raw.cpu);
  add("Processes", given.pids, (pids) => pids.toLocaleString("en-US"), raw.pids);
  add("Disk", given.disk_bytes, size, raw.disk);
  return out;
}

/** Limits are set in powers of two. */
export function size(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${round(bytes / 1024 ** 3)} GiB`;
  if (bytes >= 1024 ** 2) return `${round(bytes / 1024 ** 2)} MiB`;
  return `${round(bytes / 1024)} KiB`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === "string").slice(0, 50)
    : [];
}

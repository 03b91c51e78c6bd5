/** Times, amounts and counts in words. Pure, so that they are the same everywhere and can be tested. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "now", "3 min ago", "2 h ago", "4 d ago", then the date. `short` leaves out "ago". */
export function ago(at: number, now: number, short = false): string {
  const past = Math.max(0, now - at);
  const tail = short ? "" : " ago";
  if (past < 45_000) return short ? "now" : "just now";
  if (past < HOUR) return `${Math.max(1, Math.round(past / MINUTE))} min${tail}`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h${tail}`;
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} d${tail}`;
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** Date and time in full, in the reader's own zone. */
export function absolute(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" });
}

/** "0.4 s", "12 s", "3 min 05 s", "2 h 10 min". */
export function span(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 9_950) return `${(whole / 1000).toFixed(1)} s`;
  if (whole < MINUTE) return `${Math.floor(whole / 1000)} s`;
  if (whole < HOUR) {
    return `${Math.floor(whole / MINUTE)} min ${String(Math.floor((whole % MINUTE) / 1000)).padStart(2, "0")} s`;
  }
  return `${Math.floor(whole / HOUR)} h ${String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, "0")} min`;
}

/** To the cent: "$0.12"; "<$0.01" for less than one that isn't nothing; "—" when unknown. */
export function money(microUsd: number | null | undefined): string {
  if (microUsd === null || microUsd === undefined) return "—";
  if (microUsd > 0 && microUsd < 5_000) return "<$0.01";
  return `$${(microUsd / 1e6).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** All six digits: "$0.004312". */
export function exactMoney(microUsd: number): string {
  return `$${(microUsd / 1e6).toFixed(6)}`;
}

/** "820", "1.2k", "34k", "1.5M". */
export function count(value: number): string {
  if (value < 1000) return String(value);
  if (value < 9_950) return `${(value / 1000).toFixed(1)}k`;
  if (value < 999_500) return `${Math.round(value / 1000)}k`;
  return `${(value / 1e6).toFixed(1)}M`;
}

/** "640 B", "12 kB", "3.4 MB", "8.4 GB". */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 999_500) return `${Math.round(value / 1000)} kB`;
  if (value < 999_950_000) return `${(value / 1e6).toFixed(1)} MB`;
  return `${(value / 1e9).toFixed(1)} GB`;
}

/** "acme/shop" of a repository's address; the last two parts, without ".git". */
export function repositoryName(url: string): string {
  const path = url.replace(/^[a-z+]+:\/\/[^/]*\//i, "").replace(/^[^/@]*@[^:/]*:/, "");
  const parts = path.split(/[?#]/, 1)[0]?.split("/").filter(Boolean) ?? [];
  return (
    parts
      .slice(-2)
      .join("/")
      .replace(/\.git$/, "") || url
  );
}

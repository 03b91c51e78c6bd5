/** What has become of a key, and what it is limited to. */
import type { ApiKeyInfo } from "@agent-coordinator/client";

export type KeyState = "works" | "replaced" | "expired" | "revoked";

/** `replaced`: another was made in its place, and it goes on working until it ends. */
export function stateOf(key: ApiKeyInfo, now: number): KeyState {
  if (key.revoked_at) return "revoked";
  if (key.expires_at && Date.parse(key.expires_at) <= now) return "expired";
  return key.replaced_by ? "replaced" : "works";
}

export function isOver(key: ApiKeyInfo, now: number): boolean {
  const state = stateOf(key, now);
  return state === "revoked" || state === "expired";
}

export const SCOPES = [
  { id: "sessions:read", about: "Look at sessions and their events" },
  { id: "sessions:write", about: "Start and drive sessions" },
  { id: "runs:read", about: "Read the run history and its cost" },
  { id: "audit:read", about: "Read and export the audit log" },
  { id: "admin", about: "Everything its user may do" },
] as const;

export type Scope = (typeof SCOPES)[number]["id"];

/** Those that this page knows. */
export function knownScopes(scopes: readonly string[]): Scope[] {
  return SCOPES.map(({ id }) => id).filter((id) => scopes.includes(id));
}

/** Scopes that a key may be changed to: fewer than it has. One without scopes may do everything, so all are fewer. */
export function narrower(key: Pick<ApiKeyInfo, "scopes">): readonly Scope[] {
  return key.scopes.length ? knownScopes(key.scopes) : SCOPES.map(({ id }) => id);
}

const HOUR_S = 3_600;

/** How long the old key of a rotation goes on working. */
export const OVERLAPS = [
  { value: "0", label: "Not at all: it ends now" },
  { value: String(HOUR_S), label: "One hour" },
  { value: String(24 * HOUR_S), label: "One day" },
  { value: String(7 * 24 * HOUR_S), label: "A week" },
  { value: String(30 * 24 * HOUR_S), label: "30 days" },
] as const;

/** "1" to "100000", or empty for no limit of its own. */
export function rateError(text: string): string | null {
  if (text.trim() === "") return null;
  const rate = Number(text);
  return Number.isInteger(rate) && rate >= 1 && rate <= 100_000 ? null : "A whole number from 1 to 100,000.";
}

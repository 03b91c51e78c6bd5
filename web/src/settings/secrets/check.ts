/** What can be a secret, as the server says; where it goes, in words. */
import type { SecretPhase } from "@agent-coordinator/client";

export const LEAST_BYTES = 6;
export const MOST_BYTES = 16_384;

/** What the sandbox itself needs. The server knows more of them and has the last word. */
const RESERVED =
  /^(PATH|HOME|USER|SHELL|PWD|CI|NODE_OPTIONS|BASH_ENV|(HTTPS?|ALL|NO)_PROXY|(COORDINATOR|GIT|LD|OPENCODE|XDG)_.*)$/i;

/** What is wrong with a name, or null. */
export function nameError(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) {
    return "Letters, digits and “_”, no digit first, for example NPM_TOKEN.";
  }
  return RESERVED.test(name) ? "The sandbox needs this variable itself." : null;
}

/** What is wrong with a value, or null. */
export function valueError(value: string): string | null {
  const bytes = new TextEncoder().encode(value).length;
  if (bytes < LEAST_BYTES) return "At least 6 bytes: a shorter one could not be hidden from output.";
  if (bytes > MOST_BYTES) return "At most 16 KiB.";
  return value.includes("\0") ? "It has a NUL character in it." : null;
}

export const PHASES: readonly { value: SecretPhase; label: string; about: string }[] = [
  { value: "setup", label: "Set-up", about: "The set-up commands find it. The agent never does." },
  { value: "agent", label: "Agent", about: "The agent finds it, and every command that it runs." },
  { value: "both", label: "Both", about: "Set-up commands and the agent." },
];

/** "set-up commands of every session". */
export function deliveredTo(phase: SecretPhase, environment: string | null): string {
  const who = { setup: "set-up commands", agent: "the agent", both: "set-up commands and the agent" }[phase];
  return environment === null ? `${who} of every session` : `${who} of sessions with ${environment}`;
}

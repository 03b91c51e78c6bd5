/** What the server asks of a password, so that a person knows before they send it. The server has the last word. */

/** Characters. */
export const SHORTEST_PASSWORD = 12;
/** Bytes. */
const LONGEST_PASSWORD = 1024;
/** Names shorter than this may be part of a password: they are part of too many words. */
const SHORTEST_NAME = 4;

export type Weakness = "short" | "long" | "email" | "organisation" | "same";

/** What everybody knows about who chooses it. */
export interface Known {
  email?: string;
  /** Names of their organisations, as they stand in addresses. */
  slugs?: readonly string[];
}

/** Characters as the server counts them. */
export function lengthOf(password: string): number {
  return [...password].length;
}

/** The first rule that a password breaks, in the server's order; null when it is fine as far as one can tell here. */
export function weakness(password: string, { email = "", slugs = [] }: Known = {}): Weakness | null {
  if (new TextEncoder().encode(password).length > LONGEST_PASSWORD) return "long";
  if (lengthOf(password) < SHORTEST_PASSWORD) return "short";
  const folded = password.trim().toLowerCase();
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf("@");
  const local = at < 0 ? address : address.slice(0, at);
  const names = (name: string) => lengthOf(name) >= SHORTEST_NAME && folded.includes(name);
  if ((address !== "" && folded === address) || names(local)) return "email";
  if (slugs.some((slug) => names(slug.toLowerCase()))) return "organisation";
  if (new Set(folded).size <= 1) return "same";
  return null;
}

const WORDS: Record<Weakness, string> = {
  short: `At least ${SHORTEST_PASSWORD} characters.`,
  long: "That is more than the server takes.",
  email: "It contains your e-mail name, which is what anybody tries first.",
  organisation: "It contains the name of your organisation, which is what anybody tries first.",
  same: "The same character again and again is what anybody tries first.",
};

export function weaknessWords(which: Weakness): string {
  return WORDS[which];
}

/** Who may do what here, as the policy of the server says, so that a page can tell beforehand what it would refuse. */
import type { Role } from "@agent-coordinator/client";
import type { Standing } from "~/data/organisation.ts";

/** Weakest first. */
export const ROLES: readonly Role[] = ["viewer", "member", "admin", "owner"];

export const ROLE_ABOUT: Record<Role, string> = {
  viewer: "Looks at sessions, runs and members",
  member: "Makes and drives sessions, has API keys",
  admin: "Configures, invites, reads the audit log",
  owner: "Makes owners, hands over, deletes",
};

export type Deed =
  | "own keys"
  | "all keys"
  | "members"
  | "hand over"
  | "service accounts"
  | "list secrets"
  | "secrets"
  | "configuration"
  | "audit"
  | "rename"
  | "delete";

interface Rule {
  needs: Role;
  /** Also in an organisation that is going to be deleted. */
  goesOn?: true;
  /** "… can": the end of a sentence. */
  can: string;
}

const RULES: Record<Deed, Rule> = {
  "own keys": { needs: "member", can: "have API keys" },
  "all keys": { needs: "admin", can: "manage everybody's keys" },
  members: { needs: "admin", can: "invite, change and remove members" },
  "hand over": { needs: "owner", can: "hand it over" },
  "service accounts": { needs: "admin", can: "make and change service accounts" },
  "list secrets": { needs: "member", goesOn: true, can: "see which secrets there are" },
  secrets: { needs: "admin", can: "add, replace and delete secrets" },
  configuration: { needs: "admin", can: "change model providers and environments" },
  audit: { needs: "admin", goesOn: true, can: "read the audit log" },
  rename: { needs: "admin", can: "rename it" },
  delete: { needs: "owner", goesOn: true, can: "delete and restore it" },
};

export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** "Admins and owners". */
export function whoCould(needed: Role): string {
  const [first, ...rest] = ROLES.slice(ROLES.indexOf(needed)).map((role) => `${role}s`);
  const words = rest.length ? `${[first, ...rest.slice(0, -1)].join(", ")} and ${rest.at(-1)}` : `${first}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why it can't be done, with who could; null when it can. */
export function refusal(deed: Deed, { role, closing }: Pick<Standing, "role" | "closing">): string | null {
  const { needs, goesOn, can } = RULES[deed];
  if (!isAtLeast(role, needs)) return `${whoCould(needs)} can ${can}. You are ${aRole(role)}.`;
  if (closing && !goesOn) return "Not while the organisation is waiting to be deleted.";
  return null;
}

/** "an admin". */
export function aRole(role: Role): string {
  return `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`;
}

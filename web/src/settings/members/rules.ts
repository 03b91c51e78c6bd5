/** Which role a member may be given, whether they may be removed, and why not. Pure: the server has the last word. */
import type { MemberInfo, Role } from "@agent-coordinator/client";
import type { Standing } from "~/data/organisation.ts";
import { isAtLeast, ROLE_ABOUT, ROLES, refusal } from "../deeds.ts";

interface RoleChoice {
  value: Role;
  label: string;
  hint: string;
  disabledReason?: string;
}

const KEEPS_AN_OWNER = "An organisation keeps an owner: make somebody else one first.";

function isLastOwner(member: MemberInfo, members: readonly MemberInfo[]): boolean {
  return member.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
}

/** Why nothing at all can be changed about a member; null when something can. */
export function untouchable(
  standing: Standing,
  member: MemberInfo,
  members: readonly MemberInfo[],
): string | null {
  if (member.role === "owner" && standing.role !== "owner") return "Only owners change owners.";
  if (isLastOwner(member, members)) {
    return member.user_id === standing.user
      ? "You are the only owner. Make somebody else one, or hand the organisation over."
      : KEEPS_AN_OWNER;
  }
  return refusal("members", standing);
}

/** Every role, strongest first, those that can't be given with the reason. */
export function roleChoices(standing: Pick<Standing, "role">): RoleChoice[] {
  return ROLES.toReversed().map((role) => ({
    value: role,
    label: role,
    hint: ROLE_ABOUT[role],
    ...(isAtLeast(standing.role, role)
      ? {}
      : { disabledReason: role === "owner" ? "Only owners make owners" : "Above your own role" }),
  }));
}

/** What a change of role does to the member's keys: with a weaker role they are revoked. */
export function isWeaker(to: Role, from: Role): boolean {
  return !isAtLeast(to, from);
}

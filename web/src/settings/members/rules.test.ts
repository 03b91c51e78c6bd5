import type { MemberInfo, Role } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import type { Standing } from "~/data/organisation.ts";
import { isWeaker, roleChoices, untouchable } from "./rules.ts";

const member = (user: string, role: Role): MemberInfo => ({ user_id: user, email: `${user}@acme.dev`, role });
const as = (role: Role, user = "me"): Standing => ({ organisation: "org_1", user, role, closing: false });
const BO = member("bo", "owner");
const CY = member("cy", "member");

test("the last owner stays one, and is told what to do", () => {
  expect(untouchable(as("owner", "bo"), BO, [BO, CY])).toContain("You are the only owner");
  expect(untouchable(as("owner", "bo"), BO, [BO, member("di", "owner")])).toBeNull();
});

test("only owners touch owners; members touch nobody", () => {
  expect(untouchable(as("admin"), BO, [BO, CY])).toBe("Only owners change owners.");
  expect(untouchable(as("admin"), CY, [BO, CY])).toBeNull();
  expect(untouchable(as("member"), CY, [BO, CY])).toContain("Admins and owners");
});

test("nobody gives a role above their own", () => {
  const open = (role: Role) =>
    roleChoices({ role }).flatMap((choice) => (choice.disabledReason ? [] : [choice.value]));
  expect(open("owner")).toEqual(["owner", "admin", "member", "viewer"]);
  expect(open("admin")).toEqual(["admin", "member", "viewer"]);
});

test("a weaker role ends keys", () => {
  expect([isWeaker("viewer", "member"), isWeaker("admin", "member"), isWeaker("member", "member")]).toEqual([
    true,
    false,
    false,
  ]);
});

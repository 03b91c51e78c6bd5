import { expect, test } from "vitest";
import { type Deed, isAtLeast, ROLES, refusal, whoCould } from "./deeds.ts";

test("roles are ordered, and who could is said in words", () => {
  expect(ROLES.map((role) => isAtLeast("admin", role))).toEqual([true, true, true, false]);
  expect(ROLES.map(whoCould)).toEqual([
    "Viewers, members, admins and owners",
    "Members, admins and owners",
    "Admins and owners",
    "Owners",
  ]);
});

test("a refusal names who could and what one is", () => {
  expect(refusal("audit", { role: "member", closing: false })).toBe(
    "Admins and owners can read the audit log. You are a member.",
  );
  expect(refusal("hand over", { role: "admin", closing: false })).toContain("You are an admin.");
  expect(refusal("secrets", { role: "admin", closing: false })).toBeNull();
});

test("while it waits to be deleted only reading and restoring go on", () => {
  const goOn = (deed: Deed) => refusal(deed, { role: "owner", closing: true }) === null;
  const deeds: Deed[] = ["own keys", "members", "secrets", "list secrets", "audit", "rename", "delete"];
  expect(deeds.filter(goOn)).toEqual(["list secrets", "audit", "delete"]);
});

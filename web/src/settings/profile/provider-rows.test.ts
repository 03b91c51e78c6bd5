import type { IdentityInfo, SignInProvider } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { providerRows } from "./provider-rows.ts";

const google: SignInProvider = { id: "google", name: "Google", kind: "oidc" };
const github: SignInProvider = { id: "github", name: "GitHub", kind: "github" };
const identity = (id: string, provider: string): IdentityInfo => ({
  id,
  provider,
  name: null,
  email: null,
  linked_at: "2026-11-24T12:00:00Z",
  last_used_at: null,
});

test("every provider has a line, and so has what is linked with one that is offered no more", () => {
  const rows = providerRows(
    [google, github],
    [identity("i1", "github"), identity("i2", "github"), identity("i3", "old")],
  );
  expect(rows.map(({ key, name, identity }) => [key, name, Boolean(identity)])).toEqual([
    ["google", "Google", false],
    ["i1", "GitHub", true],
    ["i2", "GitHub", true],
    ["i3", "old", true],
  ]);
});

/** Scenes of an organisation's settings: as its owner, as a member who may do little, and while it waits to be deleted. */
import type { Page } from "@playwright/test";
import { manySessions } from "./crowds.ts";
import { type Scene, scene } from "./scene.ts";
import { ME } from "./server/house.ts";
import { id } from "./server/ids.ts";
import { ACME, MANY_KEYS } from "./server/tenant.ts";
import type { View } from "./views.ts";

const named = { id: ACME.id, slug: ACME.slug, name: ACME.name };
const lab = { id: id("org", 2), slug: "lab", name: "The Lab", role: "member" };

const owner = {
  ...ME,
  organisation: named,
  organisations: [{ ...named, role: "owner" }, lab],
};

export const ownOrganisation = (): Scene =>
  scene({
    shows: "the settings of an organisation, to its owner",
    path: "/settings/organisation",
    sessions: manySessions().sessions,
    me: owner,
    keys: MANY_KEYS,
  });

export const asMember = (): Scene =>
  scene({
    shows: "the same to a member",
    path: "/settings/organisation",
    sessions: manySessions().sessions,
    me: {
      ...owner,
      user: { id: id("usr", 3), email: "chidi@acme.dev" },
      role: "member",
      organisations: [{ ...named, role: "member" }, lab],
    },
    keys: [],
    tenant: { organisation: { ...ACME, role: "member" } },
  });

export const closing = (): Scene =>
  scene({
    shows: "an organisation that is going to be erased",
    path: "/settings/organisation",
    sessions: manySessions().sessions,
    me: owner,
    keys: MANY_KEYS,
    tenant: {
      organisation: {
        ...ACME,
        deletion: { requested_at: "2026-11-24T09:00:00.000Z", effective_at: "2026-12-01T09:00:00.000Z" },
      },
    },
  });

export const bareOrganisation = (): Scene =>
  scene({
    shows: "an organisation with nothing in it yet",
    path: "/settings/organisation",
    sessions: [],
    me: { ...owner, organisations: [{ ...named, role: "owner" }] },
    keys: [],
    environments: [],
    tenant: {
      organisations: [ACME],
      members: [{ user_id: ME.user.id, email: ME.user.email, role: "owner" }],
      invitations: [],
      accounts: [],
      secrets: [],
      audit: [],
      usage: { group_by: ["model"], items: [], truncated: false, total: NOTHING },
    },
  });

const NOTHING = {
  runs: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  tokens: { input: 0, output: 0, cached: 0, reasoning: 0 },
  tool_calls: 0,
  known_cost_micro_usd: 0,
  unknown_cost_runs: 0,
  queued_ms: 0,
  running_ms: 0,
};

const dialog = (page: Page) => page.getByRole("dialog");
const list = (name: string) => (page: Page) => page.getByRole("list", { name, exact: true });
const words = (text: string | RegExp) => (page: Page) => page.getByText(text).first();
const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

export const ORGANISATION_VIEWS: Record<string, View> = {
  "org-general": { scene: ownOrganisation, shows: list("Your organisations") },
  "org-general-member": { scene: asMember, shows: words(/You are a member/) },
  "org-closing": { scene: closing, shows: (page) => page.getByRole("button", { name: "Restore" }) },
  "org-new": {
    scene: ownOrganisation,
    acts: async (page) => {
      await press("New organisation")(page);
      await dialog(page).getByLabel("Name").fill("Größe & Söhne Ltd");
    },
    shows: (page) => dialog(page).getByRole("button", { name: "Make it and go there" }),
  },
  "org-delete": {
    scene: ownOrganisation,
    acts: press("Delete …"),
    shows: (page) => dialog(page).getByLabel(/to be sure/),
  },
  "org-members": { scene: ownOrganisation, path: "/settings/members", shows: list("Members") },
  "org-members-member": { scene: asMember, path: "/settings/members", shows: words(/You are a member/) },
  "org-invitations": { scene: ownOrganisation, path: "/settings/invitations", shows: list("Invitations") },
  "org-invitation-form": {
    scene: bareOrganisation,
    path: "/settings/invitations",
    acts: press("New invitation"),
    shows: (page) => dialog(page).getByRole("button", { name: "Make the link" }),
  },
  "org-invitation-made": {
    scene: bareOrganisation,
    path: "/settings/invitations",
    acts: async (page) => {
      await press("New invitation")(page);
      await dialog(page)
        .getByRole("radio", { name: /Whoever has the link/ })
        .check();
      await dialog(page).getByRole("button", { name: "Make the link" }).click();
    },
    shows: (page) => dialog(page).getByRole("heading", { name: "The invitation" }),
  },
  "org-keys": { scene: ownOrganisation, path: "/settings/keys", shows: list("API keys") },
  "org-keys-over": {
    scene: ownOrganisation,
    path: "/settings/keys",
    acts: (page) => page.getByText("One key that is over").click(),
    shows: list("API keys that are over"),
  },
  "org-key-change": {
    scene: ownOrganisation,
    path: "/settings/keys",
    acts: press("Change audit collector"),
    shows: (page) => dialog(page).getByLabel(/Requests a second/),
  },
  "org-key-rotate": {
    scene: ownOrganisation,
    path: "/settings/keys",
    acts: press("Rotate my laptop"),
    shows: (page) => dialog(page).getByRole("button", { name: "Make the new key" }),
  },
  "org-key-rotated": {
    scene: ownOrganisation,
    path: "/settings/keys",
    acts: async (page) => {
      await press("Rotate my laptop")(page);
      await dialog(page).getByRole("button", { name: "Make the new key" }).click();
    },
    shows: (page) => dialog(page).getByText(/The old key works until/),
  },
  "org-accounts": { scene: ownOrganisation, path: "/settings/accounts", shows: list("Service accounts") },
  "org-account-form": {
    scene: ownOrganisation,
    path: "/settings/accounts",
    acts: press("New service account"),
    shows: (page) => dialog(page).getByRole("button", { name: "Make the account" }),
  },
  "org-secrets": { scene: ownOrganisation, path: "/settings/secrets", shows: list("Secrets") },
  "org-secrets-member": { scene: asMember, path: "/settings/secrets", shows: words(/You are a member/) },
  "org-secret-form": {
    scene: ownOrganisation,
    path: "/settings/secrets",
    acts: async (page) => {
      await press("New secret")(page);
      await dialog(page).getByLabel("Name").fill("git_token");
      await dialog(page).getByLabel("Value").fill("a secret that is covered");
      await dialog(page).getByRole("button", { name: "Add secret" }).click();
    },
    shows: (page) => dialog(page).getByText("The sandbox needs this variable itself."),
  },
  "org-audit": { scene: ownOrganisation, path: "/settings/audit", shows: words("rotated an API key") },
  "org-audit-row": {
    scene: ownOrganisation,
    path: "/settings/audit",
    acts: press(/rotated an API key/),
    shows: words("No. 1204"),
  },
  "org-audit-filtered": {
    scene: ownOrganisation,
    path: "/settings/audit",
    acts: async (page) => {
      await page.getByRole("combobox", { name: "Outcome" }).click();
      await page.getByRole("option", { name: /Denied/ }).click();
      await page.getByRole("combobox", { name: "When" }).click();
      await page.getByRole("option", { name: /From/ }).click();
    },
    shows: words("tried to add a secret"),
  },
  "org-audit-verify": {
    scene: bareOrganisation,
    path: "/settings/audit",
    acts: (page) => page.getByText("Verify it offline").click(),
    shows: words(/audit verify/),
  },
  "org-audit-member": { scene: asMember, path: "/settings/audit", shows: words(/You are a member/) },
  "org-limits": {
    scene: ownOrganisation,
    path: "/settings/limits",
    shows: words("anthropic/claude-sonnet-4-5"),
  },
};

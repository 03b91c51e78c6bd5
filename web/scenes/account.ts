/** Views of the pages around one's own account: signing in and up, letters' links, invitations, profile and security. */
import type { Me } from "@agent-coordinator/client";
import type { Page } from "@playwright/test";
import { SCENES } from "./all.ts";
import { type Scene, scene } from "./scene.ts";
import { OPEN } from "./server/account.ts";
import { ME } from "./server/house.ts";
import type { View } from "./views.ts";

const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name }).first();
const REFUSED = /40[13]|410|429/;

/** Nobody is signed in; people may sign up, also with accounts elsewhere. */
const outside = (): Scene =>
  scene({ shows: "an open door", path: "/sign-in", sessions: [], signedIn: false, ways: OPEN });

const invited = (): Scene => ({ ...outside(), ways: { ...OPEN, sign_up: "invite_only", providers: [] } });

const inside = SCENES["many-sessions"] ?? outside;

/** With the second factor on and accounts elsewhere. */
const guarded = (): Scene => ({ ...inside(), ways: OPEN, me: { ...ME, second_factor: true } });

/** Signed in, and a member nowhere. */
const nowhere = (): Scene => ({
  ...inside(),
  me: { ...ME, organisation: null, role: null, organisations: [] } as unknown as Me,
});

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill("ada@acme.dev");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function enrol(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Set up an authenticator" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
}

/** Down to a part of a page that is longer than the screen. */
async function to(page: Page, region: string): Promise<void> {
  await page.getByRole("region", { name: region }).scrollIntoViewIfNeeded();
}

export const ACCOUNT_VIEWS: Record<string, View> = {
  "sign-in-open": {
    scene: outside,
    shows: (page) => page.getByRole("link", { name: /Google/ }),
    expected: REFUSED,
  },
  "sign-in-trouble": {
    scene: outside,
    path: "/sign-in?trouble=sign_up_closed",
    shows: (page) => page.getByRole("alert"),
    expected: REFUSED,
  },
  "sign-in-wrong": {
    scene: outside,
    acts: (page) => signIn(page, "wrong"),
    shows: (page) => page.getByText(/do not fit together/),
    expected: REFUSED,
  },
  "sign-in-held-up": {
    scene: outside,
    acts: (page) => signIn(page, "often"),
    shows: (page) => page.getByText(/Try again in/),
    expected: REFUSED,
  },
  "sign-in-code": {
    scene: outside,
    acts: async (page) => {
      await signIn(page, "code");
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByRole("button", { name: "Sign in" }).click();
    },
    shows: (page) => page.getByRole("alert"),
    expected: REFUSED,
  },
  "sign-in-recovery-code": {
    scene: outside,
    acts: async (page) => {
      await signIn(page, "code");
      await page.getByRole("button", { name: "Use a recovery code" }).click();
    },
    shows: (page) => page.getByLabel("Recovery code"),
    expected: REFUSED,
  },
  "sign-up": {
    scene: outside,
    path: "/sign-up",
    acts: async (page) => {
      await page.getByLabel("E-mail address").fill("bobby@acme.dev");
      await page.getByLabel("Password").fill("heron in");
    },
    shows: (page) => page.getByText(/8 so far/),
    expected: REFUSED,
  },
  "sign-up-weak": {
    scene: outside,
    path: "/sign-up",
    acts: async (page) => {
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByLabel("E-mail address").fill("bobby@acme.dev");
      await page.getByLabel("Password").fill("bobby has a password");
      await page.getByRole("button", { name: "Show what is typed" }).click();
    },
    shows: (page) => page.getByText(/contains your e-mail name/).first(),
    expected: REFUSED,
  },
  "sign-up-sent": {
    scene: outside,
    path: "/sign-up",
    acts: async (page) => {
      await page.getByLabel("E-mail address").fill("bobby@acme.dev");
      await page.getByLabel("Password").fill("a heron stands in the reeds");
      await page.getByRole("button", { name: "Make the account" }).click();
    },
    shows: heading("Check your mail"),
    expected: REFUSED,
  },
  "sign-up-closed": {
    scene: invited,
    path: "/sign-up",
    shows: heading(/need an invitation/),
    expected: REFUSED,
  },
  "verify-email": {
    scene: outside,
    path: "/verify-email#token=good",
    shows: heading("Confirm your address"),
    expected: REFUSED,
  },
  "verify-email-used": {
    scene: outside,
    path: "/verify-email#token=used",
    acts: async (page) => {
      await page.getByLabel("Password").fill("a heron stands in the reeds");
      await page.getByRole("button", { name: "Confirm and sign in" }).click();
    },
    shows: heading("This link does not work any more"),
    expected: REFUSED,
  },
  reset: { scene: outside, path: "/reset", shows: heading("Set a new password"), expected: REFUSED },
  "reset-new": {
    scene: outside,
    path: "/reset#token=good",
    acts: (page) => page.getByLabel("New password").fill("a heron stands in the reeds"),
    shows: (page) => page.getByText("Long enough"),
    expected: REFUSED,
  },
  "reset-done": {
    scene: outside,
    path: "/reset#token=good",
    acts: async (page) => {
      await page.getByLabel("New password").fill("a heron stands in the reeds");
      await page.getByRole("button", { name: "Set the password" }).click();
    },
    shows: heading("Your password is set"),
    expected: REFUSED,
  },
  "reset-used": {
    scene: outside,
    path: "/reset#token=used",
    acts: async (page) => {
      await page.getByLabel("New password").fill("a heron stands in the reeds");
      await page.getByRole("button", { name: "Set the password" }).click();
    },
    shows: (page) => page.getByText("This link does not work any more"),
    expected: REFUSED,
  },
  invitation: {
    scene: invited,
    path: "/invitation#token=good",
    shows: (page) => page.getByRole("link", { name: "Make an account" }),
    expected: REFUSED,
  },
  "invitation-sign-up": {
    scene: invited,
    path: "/invitation#token=good",
    acts: (page) => page.getByRole("link", { name: "Make an account" }).click(),
    shows: (page) => page.getByText(/You are joining/),
    expected: REFUSED,
  },
  "invitation-signed-in": {
    scene: guarded,
    path: "/invitation#token=good",
    shows: (page) => page.getByRole("button", { name: "Accept the invitation" }),
  },
  "invitation-other-address": {
    scene: guarded,
    path: "/invitation#token=good",
    acts: (page) => page.getByRole("button", { name: "Accept the invitation" }).click(),
    shows: (page) => page.getByText("This invitation is for somebody else"),
    expected: REFUSED,
  },
  "invitation-used": {
    scene: invited,
    path: "/invitation#token=used",
    shows: heading("This invitation does not work any more"),
    expected: REFUSED,
  },
  "no-organisation": {
    scene: nowhere,
    path: "/",
    acts: (page) => page.getByLabel("Name of the organisation").fill("Acme Robotics, Ltd."),
    shows: heading("You belong to no organisation yet"),
  },
  "settings-security": {
    scene: guarded,
    path: "/settings/profile",
    acts: async (page) => {
      await page.getByRole("list", { name: "Devices" }).waitFor();
      await to(page, "Devices");
    },
    shows: (page) => page.getByRole("list", { name: "Sign-in providers" }),
  },
  "settings-authenticator": {
    scene: inside,
    path: "/settings/profile",
    acts: async (page) => {
      await enrol(page);
      await to(page, "Second factor");
    },
    shows: (page) => page.getByRole("form", { name: "Set up an authenticator" }),
  },
  "settings-recovery-codes": {
    scene: inside,
    path: "/settings/profile",
    acts: async (page) => {
      await enrol(page);
      await page.getByLabel(/six digits/).fill("123456");
      await page.getByRole("button", { name: "Turn it on" }).click();
      await to(page, "Second factor");
    },
    shows: (page) => page.getByRole("list", { name: "Recovery codes" }),
  },
  "settings-second-factor-remove": {
    scene: guarded,
    path: "/settings/profile",
    acts: (page) => page.getByRole("button", { name: "Remove", exact: true }).click(),
    shows: (page) => page.getByRole("dialog").getByLabel("Your password"),
  },
  "settings-sign-out-everywhere": {
    scene: guarded,
    path: "/settings/profile",
    acts: (page) => page.getByRole("button", { name: "Sign out everywhere" }).click(),
    shows: (page) => page.getByRole("dialog").getByLabel("Also in this browser"),
  },
};

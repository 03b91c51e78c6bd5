/**
 * Every view that the gallery opens: all scenes, and what one comes to by a click, a key or another address. Each says
 * what has to be on the page before one looks.
 */
import type { Locator, Page } from "@playwright/test";
import { ACCOUNT_VIEWS } from "./account.ts";
import { SCENES } from "./all.ts";
import { ORGANISATION_VIEWS } from "./organisations.ts";
import { type Scene, scene } from "./scene.ts";
import { NO_KEY_MODELS } from "./server/house.ts";

export interface View {
  scene: () => Scene;
  /** Another address than the scene's own. */
  path?: string;
  shows: (page: Page) => Locator;
  /** Leads there. */
  acts?: (page: Page) => Promise<void>;
  /** Tabs of the panel that say something there. */
  tabs?: readonly string[];
  /** What the browser writes into the console by itself there. */
  expected?: RegExp;
}

const conversation = (page: Page) => page.getByRole("log", { name: "Conversation" });
const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name }).first();
const words = (text: string | RegExp) => (page: Page) => conversation(page).getByText(text).first();
const prompt = (page: Page) => conversation(page).getByRole("article", { name: "Prompt" }).last();

/** Where a scene is more than its last prompt. */
const MORE: Record<string, Partial<View>> = {
  "signed-out": { shows: heading("Sign in"), expected: /401/ },
  empty: { shows: heading("New session") },
  "no-key": { shows: (page) => page.getByRole("link", { name: "Add a key" }) },
  "first-session": { shows: words(/^Done in/) },
  cloning: { shows: words(/Cloning/) },
  preparing: { shows: words("npm ci"), tabs: ["Details"] },
  working: { shows: words("Discounts are right"), tabs: ["Terminal"] },
  "needs-permission": { shows: (page) => page.getByRole("button", { name: "Allow once" }) },
  "needs-question": { shows: (page) => page.getByRole("button", { name: "Skip" }) },
  done: { shows: words(/^Done in/), tabs: ["Changes", "Terminal", "Plan", "Details"] },
  plan: { tabs: ["Plan"] },
  failed: { shows: (page) => page.getByRole("button", { name: "Retry" }) },
  hibernated: {
    shows: (page) => page.getByText("Asleep: wakes when you write").first(),
    tabs: ["Changes", "Details"],
  },
  archived: { shows: words(/^Done in/) },
  offline: {
    shows: (page) => page.getByText(/nothing is lost/),
    expected: /WebSocket connection|Failed to load resource/,
  },
  "unknown-price": { tabs: ["Details"] },
  "egress-denied": { shows: words(/^Done in/), tabs: ["Details"] },
  long: { shows: words(/^Done in/), tabs: ["Changes", "Terminal", "Details"] },
  "100-deltas-per-second": { shows: words("Discounts are right") },
  hostile: {
    shows: (page) => page.getByRole("button", { name: "Allow once" }),
    tabs: ["Changes", "Terminal", "Plan", "Details"],
  },
};

/** Nothing is set yet. */
const bare = (): Scene =>
  scene({
    shows: "settings without an entry",
    path: "/settings/providers",
    sessions: [],
    models: NO_KEY_MODELS,
    providers: [],
    keys: [],
    environments: [],
  });

const crowd = (name: string): (() => Scene) => SCENES[name] ?? bare;
const dialog = (page: Page) => page.getByRole("dialog");

/** Pages and layers beside the sessions. */
const BESIDE: Record<string, View> = {
  start: { scene: crowd("many-sessions"), path: "/", shows: heading("New session") },
  "link-used": {
    scene: crowd("signed-out"),
    path: "/sign-in#token=used",
    shows: (page) => page.getByText("This link does not work any more"),
    expected: /401|410/,
  },
  palette: {
    scene: crowd("many-sessions"),
    acts: async (page) => {
      await prompt(page).waitFor();
      await page.keyboard.press("Control+k");
      await dialog(page).getByRole("combobox").fill("the");
    },
    shows: (page) => dialog(page).getByRole("option").first(),
  },
  shortcuts: {
    scene: crowd("needs-permission"),
    acts: async (page) => {
      await page.getByRole("button", { name: "Allow once" }).waitFor();
      await page.keyboard.press("?");
    },
    shows: (page) => dialog(page).getByRole("heading", { name: "Keyboard shortcuts" }),
  },
  "session-menu": {
    scene: crowd("done"),
    acts: (page) => page.getByRole("button", { name: "Session menu" }).click(),
    shows: (page) => page.getByRole("menuitem", { name: "Rename" }),
  },
  "not-found": { scene: crowd("many-sessions"), path: "/no/such/page", shows: heading(/There is nothing/) },
  "session-gone": {
    scene: crowd("many-sessions"),
    path: "/sessions/ses_99999999999999999999999999",
    shows: heading("This session isn't here"),
    expected: /404|WebSocket connection/,
  },
  "settings-providers": {
    scene: crowd("many-sessions"),
    path: "/settings/providers",
    shows: (page) => page.getByRole("list", { name: "Model providers" }),
  },
  "settings-provider-form": {
    scene: bare,
    acts: async (page) => {
      await page.getByRole("button", { name: "Add a provider" }).first().click();
      await dialog(page).getByLabel("API key").fill("sk-ant-0123456789");
      await dialog(page).getByRole("button", { name: "Test key" }).click();
    },
    shows: (page) => dialog(page).getByText("The provider takes the key."),
  },
  "settings-keys": {
    scene: crowd("many-sessions"),
    path: "/settings/keys",
    shows: (page) => page.getByRole("list", { name: "API keys" }),
  },
  "settings-key-form": {
    scene: bare,
    path: "/settings/keys",
    acts: (page) => page.getByRole("button", { name: "New API key" }).first().click(),
    shows: (page) => dialog(page).getByRole("button", { name: "Make the key" }),
  },
  "settings-key-made": {
    scene: bare,
    path: "/settings/keys",
    acts: async (page) => {
      await page.getByRole("button", { name: "New API key" }).first().click();
      await dialog(page).getByLabel("Name").fill("nightly build");
      await dialog(page).getByRole("button", { name: "Make the key" }).click();
    },
    shows: (page) => dialog(page).getByRole("heading", { name: "Your new API key" }),
  },
  "settings-environments": {
    scene: crowd("many-sessions"),
    path: "/settings/environments",
    shows: (page) => page.getByRole("list", { name: "Environments" }),
  },
  "settings-environment-form": {
    scene: crowd("many-sessions"),
    path: "/settings/environments",
    acts: (page) => page.getByRole("button", { name: "Change shop" }).click(),
    shows: (page) => dialog(page).getByLabel("Set-up commands"),
  },
  "settings-profile": {
    scene: crowd("many-sessions"),
    path: "/settings/profile",
    shows: (page) => page.getByRole("form", { name: "Password" }),
  },
  "settings-providers-none": { scene: bare, shows: (page) => page.getByText("No key yet") },
  "settings-keys-none": {
    scene: bare,
    path: "/settings/keys",
    shows: (page) => page.getByText("No API keys"),
  },
  "settings-environments-none": {
    scene: bare,
    path: "/settings/environments",
    shows: (page) => page.getByText("No environments"),
  },
};

export const VIEWS: Record<string, View> = {
  ...Object.fromEntries(
    Object.entries(SCENES).map(([name, make]) => [name, { scene: make, shows: prompt, ...MORE[name] }]),
  ),
  ...BESIDE,
  ...ACCOUNT_VIEWS,
  ...ORGANISATION_VIEWS,
};

/**
 * The pictures of the documentation, taken of the scenes and written into `docs/images`. No part of the tests:
 * `PICTURES=1 npx playwright test -c web/scenes/playwright.config.ts` takes them anew.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, expect, type Page, test } from "@playwright/test";
import { manySessions } from "./crowds.ts";
import { packed } from "./png.ts";
import { type Scene, scene } from "./scene.ts";
import { serveScene } from "./server.ts";
import { settled } from "./settle.ts";
import { done, needsPermission } from "./turns.ts";

const OUT = fileURLToPath(new URL("../../docs/images/", import.meta.url));
/** They are fetched with every look at the first page of the repository. */
const MOST_BYTES = 250_000;
const DESK = { viewport: { width: 1440, height: 900 } };
/** A little higher, for the whole form. */
const FORM = { viewport: { width: 1440, height: 960 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A scene with a morning's other sessions in the rail. */
function amongOthers(shown: Scene): Scene {
  return scene({ ...shown, sessions: [...shown.sessions, ...manySessions().sessions.slice(1, 10)] });
}

interface Picture {
  scene: () => Scene;
  path?: string;
  options: BrowserContextOptions;
  acts: (page: Page) => Promise<void>;
}

const coloured = async (page: Page): Promise<void> => {
  await expect(
    page.getByRole("tabpanel", { name: "Changes" }).getByText("Adds up a cart").first(),
  ).toBeVisible();
};

const PICTURES: Record<string, Picture> = {
  "session-light": {
    scene: () => amongOthers(done()),
    options: { ...DESK, colorScheme: "light" },
    acts: coloured,
  },
  "session-dark": {
    scene: () => amongOthers(done()),
    options: { ...DESK, colorScheme: "dark" },
    acts: coloured,
  },
  permission: {
    scene: () => amongOthers(needsPermission()),
    options: { ...DESK, colorScheme: "light" },
    acts: async (page) => {
      await expect(page.getByRole("button", { name: "Allow once" })).toBeVisible();
      await page.getByRole("tab", { name: "Details" }).click();
      await expect(page.getByRole("heading", { name: "Sandbox" })).toBeVisible();
    },
  },
  phone: {
    scene: () => amongOthers(needsPermission()),
    options: { ...PHONE, colorScheme: "light" },
    acts: (page) => expect(page.getByRole("button", { name: "Allow once" })).toBeVisible(),
  },
  "new-session": {
    scene: () => amongOthers(done()),
    path: "/new",
    options: { ...FORM, colorScheme: "light" },
    acts: async (page) => {
      const form = page.getByRole("form", { name: "New session" });
      await form
        .getByLabel(/What is to be done/)
        .fill(
          "The total of a cart with a 15 % discount is off by a fraction of a cent. Find out why and fix it.",
        );
      await form.getByLabel(/^Repository/).fill("https://github.com/acme/shop.git");
      await expect(form.getByRole("region", { name: "Set-up" }).getByText("Detected")).toBeVisible();
      await form.getByRole("button", { name: /^Model:/ }).click();
      await page.getByRole("option", { name: /Sonnet/ }).click();
      await form.getByRole("heading", { name: "New session" }).click();
    },
  },
};

for (const [name, { scene: make, path, options, acts }] of Object.entries(PICTURES)) {
  test(name, async ({ browser }) => {
    const shown = make();
    const server = await serveScene(shown);
    const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
    try {
      const page = await context.newPage();
      await page.goto(server.url + (path ?? shown.path));
      await acts(page);
      await settled(page);
      const picture = packed(await page.screenshot({ animations: "disabled", caret: "hide" }));
      await writeFile(`${OUT}${name}.png`, picture);
      expect(picture.length, `${name} is small enough`).toBeLessThan(MOST_BYTES);
    } finally {
      await context.close();
      await server.close();
    }
  });
}

/**
 * Opens every scene, and every tab of the panel in some, in light, dark and on a phone: keeps a picture of each and
 * fails on what a person would complain of. `SCENES=done,hostile` looks at a part.
 */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { SCENES } from "./all.ts";
import { accessibility, sideways, Watch } from "./inspect.ts";
import { serveScene } from "./server.ts";

const OUT = fileURLToPath(new URL("../journeys/out/gallery/", import.meta.url));
const WANTED = process.env.SCENES?.split(",");

const VARIANTS = [
  { name: "light", theme: "light", width: 1440, height: 900 },
  { name: "dark", theme: "dark", width: 1440, height: 900 },
  { name: "phone", theme: "light", width: 390, height: 844 },
] as const;

/** Scenes whose panel is looked at, and the tabs that say something there. */
const PANELS: Record<string, readonly string[]> = {
  done: ["Changes", "Terminal", "Plan", "Details"],
  working: ["Terminal"],
  preparing: ["Details"],
  empty: [],
  plan: ["Plan"],
  "egress-denied": ["Details"],
  "unknown-price": ["Details"],
  hibernated: ["Changes", "Details"],
  long: ["Changes", "Terminal", "Details"],
  hostile: ["Changes", "Terminal", "Plan", "Details"],
};

/** What a lost connection and a missing sign-in write into the console by themselves. */
const EXPECTED: Record<string, RegExp> = {
  offline: /WebSocket connection|Failed to load resource/,
  "signed-out": /401/,
};

mkdirSync(OUT, { recursive: true });

for (const [name, make] of Object.entries(SCENES)) {
  if (WANTED && !WANTED.includes(name)) continue;
  for (const variant of VARIANTS) {
    test(`${name}, ${variant.name}`, async ({ browser }) => {
      const scene = make();
      const server = await serveScene(scene);
      const context = await browser.newContext({
        viewport: { width: variant.width, height: variant.height },
        colorScheme: variant.theme,
        reducedMotion: "reduce",
        ...(variant.name === "phone" ? { hasTouch: true, isMobile: true } : {}),
      });
      const page = await context.newPage();
      try {
        const watch = new Watch(page, server, EXPECTED[name] ?? null);
        await page.goto(server.url + scene.path);
        await settles(page, name);
        const look = async (what: string): Promise<string[]> => {
          await page.screenshot({ path: `${OUT}${what}-${variant.name}.png` });
          const found = [...(await accessibility(page)), ...(await sideways(page))];
          return found.map((each) => `${what}: ${each}`);
        };
        const found = await look(name);
        const tabs = PANELS[name] ?? [];
        for (const tab of tabs) {
          await openTab(page, tab);
          found.push(...(await look(`${name}-${tab.toLowerCase()}`)));
        }
        if (name === "done" && variant.name !== "phone") {
          await page.getByRole("button", { name: "Raw events" }).click();
          await page
            .getByRole("listitem")
            .filter({ hasText: "sandbox.connected" })
            .getByRole("button")
            .first()
            .click();
          found.push(...(await look("done-events")));
        }
        if (name === "hostile") expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
        expect([...found, ...watch.complaints()]).toEqual([]);
      } finally {
        await context.close();
        await server.close();
      }
    });
  }
}

/** Until what the scene is about is on the page. */
async function settles(page: Page, name: string): Promise<void> {
  await page.locator("#root > *").first().waitFor();
  // A page that tries to reconnect is never idle.
  if (name !== "offline") await page.waitForLoadState("networkidle").catch(() => {});
  await page.waitForTimeout(
    name === "working" || name === "offline" ? 3_500 : name === "hostile" || name === "long" ? 2_500 : 900,
  );
}

async function openTab(page: Page, tab: string): Promise<void> {
  const found = page.getByRole("tab", { name: tab, exact: true });
  if (!(await found.isVisible())) await page.getByRole("button", { name: "Open panel" }).first().click();
  await found.click();
  await page.waitForTimeout(500);
}

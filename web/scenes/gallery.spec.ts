/**
 * Opens every view, and the tabs of the panel in some, in light, in dark, on a phone, and two of them at 200 % zoom:
 * keeps a picture of each and fails on what a person would complain of. `SCENES=done,hostile` looks at a part.
 */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, expect, test } from "@playwright/test";
import { accessibility, sideways, Watch } from "./inspect.ts";
import { serveScene } from "./server.ts";
import { openTab, settled } from "./settle.ts";
import { VIEWS } from "./views.ts";

const OUT = fileURLToPath(new URL("../journeys/out/gallery/", import.meta.url));
const WANTED = process.env.SCENES?.split(",");

const DESK = { width: 1440, height: 900 };
const VARIANTS: Record<string, BrowserContextOptions> = {
  light: { viewport: DESK, colorScheme: "light" },
  dark: { viewport: DESK, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
  // What a browser's zoom of 200 % makes of the desk.
  zoom: { viewport: { width: 720, height: 450 }, colorScheme: "light", deviceScaleFactor: 2 },
};
const ZOOMED = ["done", "start", "needs-permission", "settings-provider-form", "org-audit", "org-keys"];

mkdirSync(OUT, { recursive: true });

for (const [name, view] of Object.entries(VIEWS)) {
  if (WANTED && !WANTED.includes(name)) continue;
  for (const [variant, options] of Object.entries(VARIANTS)) {
    if (variant === "zoom" && !ZOOMED.includes(name)) continue;
    test(`${name}, ${variant}`, async ({ browser }) => {
      const scene = view.scene();
      const server = await serveScene(scene);
      const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
      const page = await context.newPage();
      try {
        const watch = new Watch(page, server, view.expected ?? null);
        const found: string[] = [];
        const look = async (what: string): Promise<void> => {
          await settled(page);
          await page.screenshot({ path: `${OUT}${what}-${variant}.png` });
          for (const each of [...(await accessibility(page)), ...(await sideways(page))])
            found.push(`${what}: ${each}`);
        };
        await page.goto(server.url + (view.path ?? scene.path));
        await view.acts?.(page);
        await expect(view.shows(page)).toBeVisible();
        await look(name);
        for (const tab of view.tabs ?? []) {
          await openTab(page, tab);
          await look(`${name}-${tab.toLowerCase()}`);
        }
        if (name === "done" && (variant === "light" || variant === "dark")) {
          await page.getByRole("button", { name: "Raw events" }).click();
          const event = page.getByRole("listitem").filter({ hasText: "sandbox.connected" });
          await event.getByRole("button").first().click();
          await look("done-events");
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

/** The panel in use: by keyboard, while the agent works, with what one takes out of it. */
import { readFileSync } from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { SCENES } from "./all.ts";
import { Watch } from "./inspect.ts";
import type { Scene } from "./scene.ts";
import { type SceneServer, serveScene } from "./server.ts";
import { MONEY_PATCH, WHOLE_PATCH } from "./stories/patches.ts";

interface Opened {
  page: Page;
  scene: Scene;
  server: SceneServer;
}

async function opened(
  browser: Browser,
  name: string,
  use: (opened: Opened) => Promise<void>,
  change?: (scene: Scene) => void,
) {
  const make = SCENES[name];
  if (!make) throw new Error(`no scene ${name}`);
  const scene = make();
  change?.(scene);
  const server = await serveScene(scene);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  try {
    const watch = new Watch(page, server);
    await page.goto(server.url + scene.path);
    await page.getByRole("tab", { name: "Changes", exact: true }).waitFor();
    await use({ page, scene, server });
    expect(watch.complaints()).toEqual([]);
  } finally {
    await context.close();
    await server.close();
  }
}

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

test("tabs and files by keyboard alone", async ({ browser }) => {
  await opened(browser, "done", async ({ page }) => {
    await page.getByRole("tab", { name: "Changes", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Terminal", exact: true })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "Refresh changes" }).focus();
    await page.keyboard.press(".");
    const focused = page.locator("section:has(:focus)");
    await expect(focused).toHaveAccessibleName("src/cart/money.ts");
    await page.keyboard.press(".");
    await expect(focused).toHaveAccessibleName("test/money.test.ts");
    await page.keyboard.press("Enter");
    await expect(focused.getByRole("group")).toHaveCount(0);
    await page.keyboard.press(",");
    await expect(focused).toHaveAccessibleName("src/cart/money.ts");
  });
});

test("a change shows without being asked for", async ({ browser }) => {
  await opened(
    browser,
    "plan",
    async ({ page, scene, server: _ }) => {
      const [session] = scene.sessions;
      await expect(page.getByText("1 file", { exact: true })).toBeVisible();
      if (session) session.diff = WHOLE_PATCH;
      await page.getByRole("textbox", { name: "Message" }).fill("go on");
      await page.keyboard.press("Enter");
      await expect(page.getByText("6 files", { exact: true })).toBeVisible({ timeout: 10_000 });
    },
    (scene) => {
      const [session] = scene.sessions;
      if (!session) return;
      session.diff = MONEY_PATCH;
      // The answer to the prompt: a file is changed.
      const { events } = session;
      const running = events.findLast((event) => event.type === "prompt.started")?.prompt_id ?? "";
      session.live = async (stage) => {
        while (events.at(-1)?.type !== "prompt.queued") await stage.wait(50);
        stage.event("file.changed", { path: "test/money.test.ts" }, running);
      };
    },
  );
});

test("the terminal follows, can be searched and copied", async ({ browser }) => {
  await opened(browser, "working", async ({ page }) => {
    await page.getByRole("tab", { name: "Terminal", exact: true }).click();
    const log = page.getByRole("log", { name: "Output of commands" });
    await expect(log.getByText("test/part_60.test.ts")).toBeVisible({ timeout: 15_000 });
    await expect(page.getByRole("button", { name: "Newest output" })).toHaveCount(0);
    await log.hover();
    await page.mouse.wheel(0, -600);
    await expect(page.getByRole("button", { name: "Newest output" })).toBeVisible();
    await page.getByRole("button", { name: "Newest output" }).click();
    await expect(log.getByText("test/part_60.test.ts")).toBeInViewport();
    const search = page.getByRole("searchbox", { name: "Search in the output" });
    await search.fill("AssertionError");
    await expect(page.getByText("1 of 1", { exact: true })).toBeVisible();
    await expect(log.locator("mark")).toBeInViewport();
    await page.keyboard.press("Escape");
    await expect(search).toHaveValue("");
    await page.getByRole("button", { name: "Copy all output" }).click();
    const copied = await clipboard(page);
    expect(copied).toContain("$ npm test\n");
    expect(copied.includes("\u001b")).toBe(false);
  });
});

test("raw events: filter, open, copy as curl, export", async ({ browser }) => {
  await opened(browser, "done", async ({ page, scene }) => {
    await page.getByRole("tab", { name: "Details", exact: true }).click();
    const exported = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export events" }).click();
    const events: unknown = JSON.parse(readFileSync(await (await exported).path(), "utf8"));
    expect(events).toEqual(scene.sessions[0]?.events);
    await page.getByRole("button", { name: "Raw events" }).click();
    await page.getByRole("combobox", { name: "Filter by type" }).click();
    await page.getByRole("option", { name: "egress.decided" }).click();
    await expect(page.getByRole("list", { name: "Events" }).getByRole("listitem")).toHaveCount(1);
    await page.getByRole("listitem").getByRole("button", { name: "egress.decided" }).click();
    await expect(page.getByRole("group", { name: /^Event / })).toContainText('"host": "registry.npmjs.org"');
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await expect
      .poll(() => clipboard(page))
      .toMatch(
        /^curl -sS -H "Authorization: Bearer \$COORDINATOR_API_KEY" 'http:\/\/127\.0\.0\.1:\d+\/v1\/sessions\/ses_\w+\/events\?after=\d+&limit=1'$/,
      );
    await page.getByRole("button", { name: "Back to details" }).click();
    await expect(page.getByRole("heading", { name: "Tokens and cost" })).toBeVisible();
  });
});

test("a patch to keep is the patch as it came", async ({ browser }) => {
  await opened(browser, "done", async ({ page }) => {
    const kept = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download patch" }).click();
    expect(readFileSync(await (await kept).path(), "utf8")).toBe(WHOLE_PATCH);
    await page.getByRole("button", { name: "Copy path" }).first().click();
    await expect.poll(() => clipboard(page)).toBe("src/cart/money.ts");
  });
});

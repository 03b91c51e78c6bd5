/** The same on a phone: 390 points wide, by touch. */
import type { Locator, Page } from "@playwright/test";
import {
  AGENT_MS,
  chooseDemo,
  composer,
  done,
  log,
  noSidewaysScroll,
  sessionOf,
  signIn,
} from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });

/** Big enough for a thumb, and in sight. */
async function reachable(page: Page, ...targets: Locator[]): Promise<void> {
  for (const target of targets) {
    await expect(target).toBeInViewport();
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), `${target} can be touched`).toBeGreaterThanOrEqual(
      40,
    );
  }
  await noSidewaysScroll(page);
}

test("phone", async ({ page, person, shot }) => {
  await test.step("sign in and start", async () => {
    await signIn(page, person.link);
    await noSidewaysScroll(page);
    await accessible(page);
    await shot(page, "start");
    const form = page.getByRole("form", { name: "New session" });
    await form
      .getByLabel(/What is to be done/)
      .fill(
        "say: ## A heading\\n\\nSome `code-that-is-rather-long-and-has-no-break-in-it-anywhere-at-all` and a list:\\n\\n- one\\n- two\nwrite: a/folder/with/a/long/path/to/a-file-with-a-long-name.txt=one\\ntwo\\n\nrun: seq 40",
      );
    await chooseDemo(page);
    await form.getByRole("radio", { name: /Ask first/ }).tap();
    await noSidewaysScroll(page);
    await form.getByRole("button", { name: "Start session" }).tap();
    await sessionOf(page);
  });

  const asked = log(page).getByRole("region", { name: "Permission" });
  await test.step("read and answer", async () => {
    await expect(asked).toContainText("a-file-with-a-long-name.txt", { timeout: AGENT_MS });
    await expect(log(page).getByRole("heading", { name: "A heading" })).toBeVisible();
    await reachable(page, asked.getByRole("button", { name: "Allow once" }), composer(page));
    await reachable(
      page,
      page.getByRole("button", { name: "Send" }),
      page.getByRole("button", { name: "Stop" }),
    );
    await accessible(page);
    await shot(page, "asked");
    await asked.getByRole("button", { name: "Allow once" }).tap();
    await expect(asked).toContainText("seq 40");
    await asked.getByRole("button", { name: "Allow always" }).tap();
    await done(page, 1);
    await noSidewaysScroll(page);
    await shot(page, "done");
  });

  await test.step("the panel is a sheet", async () => {
    await page.getByRole("button", { name: "Open panel" }).tap();
    const sheet = page.getByRole("dialog", { name: "Panel" });
    await sheet.getByRole("tab", { name: "Changes" }).tap();
    await expect(sheet.getByText("a-file-with-a-long-name.txt").first()).toBeVisible();
    await noSidewaysScroll(page);
    await accessible(page);
    await shot(page, "changes");
    await sheet.getByRole("tab", { name: "Terminal" }).tap();
    await expect(sheet.getByText("seq 40").first()).toBeVisible();
    await shot(page, "terminal");
    await sheet.getByRole("tab", { name: "Details" }).tap();
    await noSidewaysScroll(page);
    await shot(page, "details");
    await sheet.getByRole("button", { name: "Close panel" }).tap();
    await expect(sheet).toHaveCount(0);
  });

  await test.step("write on", async () => {
    await composer(page).fill("say: Written with a thumb.");
    await page.getByRole("button", { name: "Send" }).tap();
    await done(page, 2);
    await expect(log(page).getByText("Written with a thumb.", { exact: true })).toBeInViewport();
    await reachable(page, composer(page));
  });

  await test.step("the rail is a sheet", async () => {
    await page.getByRole("button", { name: /^Sessions and menu/ }).tap();
    const sheet = page.getByRole("dialog", { name: "Sessions and menu" });
    await expect(sheet.getByRole("navigation", { name: "Sessions" }).getByRole("link")).toHaveCount(1);
    await noSidewaysScroll(page);
    await accessible(page);
    await shot(page, "rail");
    await sheet.getByRole("link", { name: "New session" }).tap();
    await expect(sheet).toHaveCount(0);
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
  });
});

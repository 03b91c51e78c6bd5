/** Several people, and several tabs of one, in one session: they see each other, and never different things. */
import type { Page } from "@playwright/test";
import { AGENT_MS, composer, log, send, sessionOf, shown, signIn, start } from "./support/app.ts";
import { expect, invite, test } from "./support/journey.ts";

/** What a page shows, with each person's own "You" as their address. */
async function transcript(page: Page, self: string): Promise<string[]> {
  return (await shown(page)).map((line) => line.replace(/\bYou\b/g, self));
}

test("two people", async ({ page: ada, browser, server, person, watch, shot }) => {
  const other = await invite(server, "grace", person.org);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await watch.add(context);
  const grace = await context.newPage();

  await signIn(ada, person.link);
  const id = await start(ada, { prompt: "run: echo of-ada\nsay: Ada asked for this.", ask: true });
  await signIn(grace, other.link);
  await grace
    .getByRole("navigation", { name: "Sessions" })
    .getByRole("link", { name: /of-ada/ })
    .click();
  expect(await sessionOf(grace)).toBe(id);

  await test.step("each sees the other", async () => {
    const here = (page: Page) => page.getByRole("list", { name: "Also here" });
    await expect(here(ada).getByRole("button", { name: other.email })).toBeVisible();
    await expect(here(grace).getByRole("button", { name: person.email })).toBeVisible();
    await shot(grace, "presence");
  });

  await test.step("what one answers is answered for both", async () => {
    const asked = (page: Page) => log(page).getByRole("region", { name: "Permission" });
    await expect(asked(ada)).toContainText("echo of-ada", { timeout: AGENT_MS });
    await expect(asked(grace)).toContainText("echo of-ada");
    await shot(grace, "both-asked");
    await asked(grace).getByRole("button", { name: "Allow once" }).click();
    await expect(asked(ada)).toHaveCount(0);
    await expect(log(ada).getByText(new RegExp(`^${other.email} allowed once: .*echo of-ada`))).toBeVisible();
    await expect(log(grace).getByText(/^You allowed once: .*echo of-ada/)).toBeVisible();
    await expect(log(ada).getByText("Ada asked for this.", { exact: true })).toBeVisible();
    await shot(ada, "answered-by-the-other");
  });

  await test.step("prompts carry their author", async () => {
    await send(grace, "say: Grace asked for that.");
    const prompts = (page: Page) => log(page).getByRole("article", { name: "Prompt" });
    await expect(prompts(ada).last()).toContainText(other.email);
    await expect(prompts(grace).last()).toContainText("You");
    await expect(prompts(grace).first()).toContainText(person.email);
    await expect(log(ada).getByText("Grace asked for that.", { exact: true })).toBeVisible();
    await shot(ada, "authors");
  });

  const second = await ada.context().newPage();
  await test.step("a second tab of one person agrees with the first", async () => {
    await second.goto(ada.url());
    await expect(log(second).getByText("Grace asked for that.", { exact: true })).toBeVisible();
    await expect(second.getByRole("list", { name: "Also here" }).getByRole("button")).toHaveCount(1);
    await send(second, "slow: 20");
    for (const page of [ada, grace, second]) {
      await expect(log(page).getByText(/\bword20\b/)).toBeVisible();
      await expect(log(page).getByText(/^Done in /)).toHaveCount(3);
      await expect(composer(page)).toHaveValue("");
    }
  });

  await test.step("at the end all three show the same", async () => {
    const mine = await transcript(ada, person.email);
    expect(mine.length).toBeGreaterThan(8);
    expect(await transcript(second, person.email)).toEqual(mine);
    expect(await transcript(grace, other.email)).toEqual(mine);
    await shot(grace, "the-same");
  });

  await test.step("who leaves is gone", async () => {
    await context.close();
    await expect(ada.getByRole("list", { name: "Also here" })).toHaveCount(0);
  });
});

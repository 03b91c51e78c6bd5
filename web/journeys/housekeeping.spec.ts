/** A session's life after the work: asleep and awake, found, renamed, archived, deleted. */
import { AGENT_MS, composer, done, inRail, log, send, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";

test("housekeeping", async ({ page, person, watch, shot }) => {
  // How a page learns why the stream of a deleted session has ended.
  watch.allow(/status of 404.*\/events\?/);
  await signIn(page, person.link);
  const id = await start(page, { prompt: "write: kept.txt=still here\nsay: Written." });
  await done(page, 1);
  const menu = async (item: string): Promise<void> => {
    await page.getByRole("button", { name: "Session menu" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

  await test.step("asleep, and it says how it wakes", async () => {
    await menu("Put to sleep");
    await expect(page.getByText("Asleep: wakes when you write", { exact: true })).toBeVisible();
    await expect(inRail(page, "kept.txt")).toContainText("Asleep");
    await accessible(page);
    await shot(page, "asleep");
  });

  await test.step("writing wakes it, with its files", async () => {
    await send(page, "run: cat kept.txt");
    await done(page, 2);
    await expect(page.getByText("Asleep: wakes when you write", { exact: true })).toHaveCount(0);
    await log(page).getByRole("button", { name: /^Ran / }).click();
    await expect(log(page).getByRole("group", { name: "Output" })).toContainText("still here");
    await shot(page, "awake");
  });

  await test.step("asleep again, and woken by hand", async () => {
    await menu("Put to sleep");
    await expect(page.getByText("Asleep: wakes when you write", { exact: true })).toBeVisible();
    await expect(log(page).getByText("The sandbox went to sleep.")).toHaveCount(2);
    await menu("Wake");
    await expect(page.getByText("Asleep: wakes when you write", { exact: true })).toHaveCount(0);
    await expect
      .poll(async () => (await person.api.sessions.get(id)).status, { timeout: AGENT_MS })
      .toBe("idle");
  });

  await test.step("renamed, in every place", async () => {
    await menu("Rename");
    const title = page.getByRole("textbox", { name: "Title of the session" });
    await title.fill("A heron's session");
    await title.press("Enter");
    await expect(page.getByRole("heading", { name: "A heron's session" })).toBeVisible();
    await expect(inRail(page, "A heron's session")).toBeVisible();
    await expect(page).toHaveTitle(/^A heron's session/);
  });

  await test.step("found by the palette, from elsewhere", async () => {
    await page.getByRole("link", { name: "New session" }).click();
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    await palette.getByRole("combobox").fill("heron");
    await expect(palette.getByRole("option", { name: /A heron's session/ })).toBeVisible();
    await accessible(page);
    await shot(page, "palette");
    await page.keyboard.press("Enter");
    await expect(log(page).getByText("Written.", { exact: true })).toBeVisible();
    expect(page.url()).toContain(id);
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").fill("zebra");
    await expect(palette.getByText(/Nothing found/)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(palette).toHaveCount(0);
  });

  await test.step("archived: to be read, not continued", async () => {
    await menu("Archive");
    await expect(composer(page)).toHaveCount(0);
    await expect(log(page).getByText("Written.", { exact: true })).toBeVisible();
    await expect(page.getByRole("main").getByText("Archived", { exact: true })).toBeVisible();
    await expect(inRail(page, "A heron's session")).toHaveCount(0);
    await accessible(page);
    await shot(page, "archived");
    await page.getByRole("link", { name: "New session" }).click();
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    await palette.getByRole("combobox").fill("heron");
    await palette.getByRole("option", { name: /A heron's session/ }).click();
    await expect(log(page).getByText("Written.", { exact: true })).toBeVisible();
  });

  await test.step("deleted, after a question", async () => {
    await menu("Delete");
    const question = page.getByRole("dialog", { name: /^Delete/ });
    await accessible(page);
    await shot(page, "delete");
    await question.getByRole("button", { name: "Delete session" }).click();
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
    await expect(inRail(page, "A heron's session")).toHaveCount(0);
    await expect(person.api.sessions.get(id)).rejects.toMatchObject({ status: 404 });
    await shot(page, "deleted");
  });
});

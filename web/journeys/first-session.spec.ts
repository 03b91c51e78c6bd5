/** From the printed link to work that is read and understood: what every newcomer does. */
import { AGENT_MS, chooseDemo, composer, done, log, send, sessionOf, signIn } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { growth, watchGrowth } from "./support/growth.ts";
import { expect, test } from "./support/journey.ts";

test("first session", async ({ page, own, git, shot }) => {
  await test.step("the printed link signs in, and its token leaves the address", async () => {
    await signIn(page, own.link);
    expect(await page.evaluate(() => location.href)).not.toContain("token");
    await accessible(page);
    await shot(page, "signed-in");
  });

  const form = page.getByRole("form", { name: "New session" });
  await test.step("a repository: its plan is detected, and can be changed", async () => {
    await form.getByLabel(/What is to be done/).fill("think: I look around first.\nslow: 60");
    await form.getByLabel(/^Repository/).fill(git.sample);
    const setUp = form.getByRole("region", { name: "Set-up" });
    await expect(setUp.getByText("Detected")).toBeVisible({ timeout: AGENT_MS });
    await expect(setUp.getByText("npm", { exact: true })).toBeVisible();
    await setUp.getByRole("combobox", { name: "Set-up" }).click();
    await page.getByRole("option", { name: /These commands/ }).click();
    const commands = setUp.getByRole("textbox", { name: "Set-up commands" });
    await expect(commands).toHaveValue(/npm ci/);
    await commands.fill("node --version");
    await chooseDemo(page);
    await accessible(page);
    await shot(page, "detected-plan");
  });

  await watchGrowth(page);
  await form.getByRole("button", { name: "Start session" }).click();
  await sessionOf(page);

  const preparing = log(page).getByRole("region", { name: "Preparing" });
  await test.step("the preparation is told, phase by phase", async () => {
    await expect(preparing.getByRole("listitem").first()).toBeVisible();
    await shot(page, "preparing");
    const ready = preparing.getByRole("button", { name: /^Ready in / });
    await expect(ready).toBeVisible({ timeout: AGENT_MS });
    await ready.click();
    for (const phase of ["Sandbox", "Clone", "Set-up", "Agent"]) {
      await expect(preparing.getByRole("listitem").filter({ hasText: phase })).toBeVisible();
    }
    await shot(page, "prepared");
    await ready.click();
  });

  await test.step("the first answer grows before one's eyes", async () => {
    await expect(log(page).getByText(/\bword12\b/)).toBeVisible({ timeout: AGENT_MS });
    await shot(page, "streaming");
    await done(page, 1);
    await expect(log(page).getByText(/\bword60\b/)).toBeVisible();
    const seen = (await growth(page)).filter((words) => words > 0);
    expect(seen.length, `the text came in steps: ${seen}`).toBeGreaterThan(10);
    expect(seen, "it never shrank, and nothing was shown twice").toEqual(
      [...seen].sort((one, other) => one - other),
    );
    expect(seen.at(-1)).toBe(60);
    await shot(page, "first-answer");
  });

  await test.step("a command, with its output and how it ended", async () => {
    await send(page, "run: cat README.md; echo to-the-end\nrun: ls missing-file; exit 3");
    await done(page, 2);
    const cards = log(page).getByRole("button", { name: /^Ran / });
    await expect(cards).toHaveCount(2);
    await cards.first().click();
    await expect(log(page).getByRole("group", { name: "Output" }).first()).toContainText("to-the-end");
    await expect(cards.last()).toContainText("exit 3");
    await cards.last().click();
    await expect(log(page).getByRole("group", { name: "Output" }).last()).toContainText("missing-file");
    await accessible(page);
    await shot(page, "command");
    await page.getByRole("tab", { name: "Terminal" }).click();
    await expect(page.getByRole("tabpanel", { name: "Terminal" })).toContainText("to-the-end");
    await shot(page, "terminal");
  });

  await test.step("the change is read where changes are", async () => {
    await send(
      page,
      "edit: README.md=Adds two numbers.=>Adds two numbers, and says so.\nplan: +look; >change; tell",
    );
    await done(page, 3);
    await page.getByRole("tab", { name: "Changes" }).click();
    const changes = page.getByRole("tabpanel", { name: "Changes" });
    const file = changes.getByRole("region", { name: "README.md" });
    await expect(file.getByText("Adds two numbers, and says so.")).toBeVisible();
    await expect(changes.getByText("1 file")).toBeVisible();
    await accessible(page);
    await shot(page, "changes");
    await page.getByRole("tab", { name: "Plan" }).click();
    await expect(page.getByRole("tabpanel", { name: "Plan" })).toContainText("change");
    await page.getByRole("tab", { name: "Details" }).click();
    await expect(page.getByRole("tabpanel", { name: "Details" })).toContainText("Isolation");
    await accessible(page);
    await shot(page, "details");
  });

  await test.step("every turn says what it took", async () => {
    const footers = log(page)
      .getByText(/^Done in /)
      .locator("..");
    await expect(footers).toHaveCount(3);
    for (const footer of await footers.all()) {
      await expect(footer).toContainText(/[\d,]+ tokens/);
      await expect(footer).toContainText(/\$\d/);
    }
    await expect(composer(page)).toBeVisible();
  });
});

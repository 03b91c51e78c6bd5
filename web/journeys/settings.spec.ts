/** An account at a model provider, an API key, a password, signing out and in again. */
import { AGENT_MS, done, log, sessionOf, signIn } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";
import { ANSWER, GOOD_KEY, MODEL } from "./support/models.ts";

const PASSWORD = "a heron stands in the reeds";

test("settings", async ({ page, person, server, models, watch, shot }) => {
  // What a browser writes by itself when a request is refused, as it is here on purpose.
  watch.allow(/status of 401.*\/v1\/(me|auth)/, /status of 410.*\/v1\/auth\/link/);
  await signIn(page, person.link);

  await test.step("a model provider: the key is tried before it is kept", async () => {
    await page.getByRole("link", { name: "Add a key" }).click();
    await expect(page.getByRole("heading", { name: "Model providers" })).toBeVisible();
    await accessible(page);
    await shot(page, "no-key-yet");
    await page.getByRole("button", { name: "Add a provider" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add a model provider" });
    await dialog.getByRole("combobox", { name: "Provider" }).click();
    await page.getByRole("option", { name: "OpenAI-compatible" }).click();
    await dialog.getByRole("textbox", { name: "Name" }).fill("parrots");
    await dialog.getByRole("textbox", { name: "Address" }).fill(models.url);
    await dialog.getByLabel("API key").fill("sk-not-the-right-one");
    await dialog.getByRole("button", { name: "Test key" }).click();
    await expect(dialog.getByRole("status")).toContainText("Status 401");
    await accessible(page);
    await shot(page, "bad-key");
    await dialog.getByLabel("API key").fill(GOOD_KEY);
    await dialog.getByRole("button", { name: "Test key" }).click();
    await expect(dialog.getByRole("status")).toContainText("1 model listed");
    await shot(page, "good-key");
    await dialog.getByRole("button", { name: "Add a model" }).click();
    await dialog.getByRole("combobox", { name: "Model 1" }).fill(MODEL);
    await dialog.getByRole("textbox", { name: "Input price of model 1" }).fill("10");
    await dialog.getByRole("textbox", { name: "Output price of model 1" }).fill("40");
    await dialog.getByRole("button", { name: "Add provider" }).click();
    await expect(dialog).toHaveCount(0);
    const row = page.getByRole("list", { name: "Model providers" }).getByRole("listitem");
    await expect(row).toContainText("parrots");
    await expect(page.getByText(GOOD_KEY)).toHaveCount(0);
    await row.getByRole("button", { name: "Test key" }).click();
    await expect(row.getByRole("status")).toBeVisible();
    await shot(page, "provider");
  });

  await test.step("a turn on it, with what it cost", async () => {
    await page.getByRole("link", { name: "New session" }).first().click();
    const form = page.getByRole("form", { name: "New session" });
    await form.getByLabel(/What is to be done/).fill("Describe the bird.");
    await form.getByRole("button", { name: /^Model:/ }).click();
    await page.getByRole("option", { name: MODEL }).click();
    await form.getByRole("button", { name: "Start session" }).click();
    await sessionOf(page);
    await expect(log(page).getByText(ANSWER)).toBeVisible({ timeout: AGENT_MS });
    await done(page, 1);
    const footer = log(page)
      .getByText(/^Done in /)
      .locator("..");
    await expect(footer).toContainText("1,500 tokens");
    // 1200 at 10 $ and 300 at 40 $ for a million.
    await expect(footer.getByText("$0.02")).toHaveAttribute("title", /0\.024/);
    await shot(page, "cost");
  });

  await test.step("an API key: shown once, works, is revoked", async () => {
    await page.getByRole("button", { name: /^Account and settings/ }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByRole("button", { name: "New API key" }).first().click();
    await page.getByRole("textbox", { name: "Name" }).fill("nightly build");
    await page.getByRole("button", { name: "Make the key" }).click();
    const made = page.getByRole("dialog", { name: "Your new API key" });
    const key = ((await made.getByRole("code").textContent()) ?? "").trim();
    expect(key.length).toBeGreaterThan(20);
    await shot(page, "new-key");
    await made.getByRole("button", { name: "Done" }).click();
    await expect(page.getByText(key)).toHaveCount(0);
    const status = async () =>
      (await fetch(`${server.url}/v1/me`, { headers: { Authorization: `Bearer ${key}` } })).status;
    expect(await status()).toBe(200);
    await page.getByRole("button", { name: "Revoke nightly build" }).click();
    await page.getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Revoke nightly build" })).toHaveCount(0);
    expect(await status()).toBe(401);
    await accessible(page);
    await shot(page, "revoked");
  });

  await test.step("a password", async () => {
    await page.getByRole("link", { name: "Environments" }).click();
    await expect(page.getByRole("heading", { name: "Environments", level: 1 })).toBeVisible();
    await accessible(page);
    await shot(page, "environments");
    await page.getByRole("link", { name: "Profile" }).click();
    const form = page.getByRole("form", { name: "Password" });
    await form.getByLabel("New password").fill(PASSWORD);
    await accessible(page);
    await form.getByRole("button", { name: "Set password" }).click();
    await expect(form.getByRole("heading", { name: "Change the password" })).toBeVisible();
    await shot(page, "password-set");
  });

  await test.step("sign out", async () => {
    await page.getByRole("button", { name: /^Account and settings/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await accessible(page);
    await shot(page, "signed-out");
  });

  await test.step("a link that was used is refused, with words", async () => {
    await page.goto(person.link);
    await expect(page.getByRole("alert")).toContainText("This link does not work any more");
    expect(page.url()).not.toContain("token");
    await accessible(page);
    await shot(page, "used-link");
  });

  await test.step("sign in by password", async () => {
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill("not the right one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("do not fit together")).toBeVisible();
    await shot(page, "wrong-password");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("navigation", { name: "Sessions" }).getByRole("link")).toHaveText([
      /Describe the bird/,
    ]);
    await shot(page, "signed-in-again");
  });
});

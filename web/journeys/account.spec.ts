/** An account from its first day: invited, signed up, proved, guarded by a code, lost, regained, and looked after. */
import type { Page } from "@playwright/test";
import { noSidewaysScroll } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";
import { Authenticator } from "./support/totp.ts";

const PASSWORD = "a heron stands in the reeds";
const OTHER = "an otter swims in the river";
const PHONE = { width: 390, height: 844 };

test("an account", async ({ page, person, server, watch, shot, browser }) => {
  // What a browser writes by itself when a request is refused, as it is here on purpose.
  watch.allow(
    /status of 400.*\/v1\/auth\/totp/,
    /status of 401.*\/v1\/(me|auth|events|sessions)/,
    /status of 410.*\/v1\/(auth|invitations)/,
    /WebSocket connection to .*\/v1\/events/,
  );
  const email = `bo@${person.org}.example.org`;
  let authenticator: Authenticator | undefined;
  let recovery: string[] = [];

  const link = await test.step("somebody is invited", async () => {
    const api = (path: string, body?: unknown) =>
      fetch(`${server.url}/v1${path}`, {
        method: body ? "POST" : "GET",
        headers: { Authorization: `Bearer ${person.key}`, "Content-Type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const me = (await (await api("/me")).json()) as { organisation: { id: string } };
    const made = await api(`/orgs/${me.organisation.id}/invitations`, { email, role: "member" });
    expect(made.status).toBe(201);
    return server.here(((await made.json()) as { link: string }).link);
  });

  await test.step("the link shows where it leads, and its token leaves the address", async () => {
    await page.goto(link);
    await expect(page.getByRole("heading", { name: /^Join / })).toBeVisible();
    await expect(page.getByText(person.org).first()).toBeVisible();
    await expect(page.getByText("member", { exact: true })).toBeVisible();
    expect(page.url()).toBe(`${server.url}/invitation`);
    await accessible(page);
    await shot(page, "invitation");
  });

  await test.step("they sign up", async () => {
    await page.getByRole("link", { name: "Make an account" }).click();
    const form = page.getByRole("form", { name: "Make an account" });
    await expect(page.getByText(/You are joining/)).toBeVisible();
    await form.getByLabel("E-mail address").fill(email);
    await form.getByLabel("Password").fill("too short");
    await form.getByRole("button", { name: "Make the account" }).click();
    await expect(form.getByRole("alert")).toHaveText("At least 12 characters.");
    await accessible(page);
    await shot(page, "too-short");
    await form.getByLabel("Password").fill(PASSWORD);
    await expect(form.getByText("Long enough")).toBeVisible();
    await form.getByRole("button", { name: "Make the account" }).click();
    await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
    await accessible(page);
    await shot(page, "check-your-mail");
  });

  await test.step("the letter proves the address, with the password", async () => {
    await page.goto(await server.letter(email, "/verify-email"));
    await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeVisible();
    expect(page.url()).toBe(`${server.url}/verify-email`);
    await page.getByLabel("Password").fill("not the right one");
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("not the password that was chosen");
    await accessible(page);
    await shot(page, "confirm-address");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
    await expect(page.getByText(person.org).first()).toBeVisible();
    await shot(page, "in");
  });

  await test.step("the invitation is used up", async () => {
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "This invitation does not work any more" })).toBeVisible();
    await accessible(page);
    await shot(page, "invitation-used");
  });

  await test.step("an authenticator", async () => {
    await page.goto(`${server.url}/settings/profile`);
    const block = page.getByRole("region", { name: "Second factor" });
    await block.getByRole("button", { name: "Set up an authenticator" }).click();
    await expect(block.getByRole("img", { name: "QR code for your authenticator" })).toBeVisible();
    await expect(block.getByLabel("2. Type the six digits that it shows")).toBeFocused();
    authenticator = new Authenticator((await block.getByRole("code").textContent()) ?? "");
    await block.getByLabel("2. Type the six digits that it shows").fill("000000");
    await block.getByRole("button", { name: "Turn it on" }).click();
    await expect(block.getByRole("alert")).toContainText("not the code of now");
    await accessible(page);
    await shot(page, "authenticator");
    await block.getByLabel("2. Type the six digits that it shows").fill(authenticator.code());
    await block.getByRole("button", { name: "Turn it on" }).click();
    const codes = block.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(codes).toHaveCount(10);
    recovery = await codes.allTextContents();
    await accessible(page);
    await shot(page, "recovery-codes");
    await block.getByLabel("I have put them somewhere safe").check();
    await block.getByRole("button", { name: "Done" }).click();
    await expect(block.getByText("on", { exact: true })).toBeVisible();
    await expect(page.getByText(recovery[0] ?? "")).toHaveCount(0);
    await expect(block.getByRole("button", { name: "Remove" })).toBeFocused();
  });

  const enter = async (where: Page, password: string) => {
    await where.getByLabel("E-mail address").fill(email);
    await where.getByLabel("Password").fill(password);
    await where.getByRole("button", { name: "Sign in" }).click();
    await expect(where.getByRole("heading", { name: "Enter your code" })).toBeVisible();
  };

  await test.step("signing in takes a code", async () => {
    await page.getByRole("button", { name: /^Account and settings/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await enter(page, PASSWORD);
    await expect(page.getByLabel("Code", { exact: true })).toBeFocused();
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("This code is wrong");
    await accessible(page);
    await shot(page, "code");
    await page.getByLabel("Code", { exact: true }).fill(authenticator?.code() ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
  });

  await test.step("another device, with a recovery code; it is signed out from here", async () => {
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    await watch.add(context);
    const phone = await context.newPage();
    await phone.goto(`${server.url}/sign-in`);
    await enter(phone, PASSWORD);
    await phone.getByRole("button", { name: "Use a recovery code" }).click();
    await phone.getByLabel("Recovery code").fill(recovery[0] ?? "");
    await accessible(phone);
    await noSidewaysScroll(phone);
    await shot(phone, "recovery-code-on-a-phone");
    await phone.getByRole("button", { name: "Sign in" }).click();
    await expect(phone.getByRole("heading", { name: "New session" })).toBeVisible();

    await page.goto(`${server.url}/settings/profile`);
    const devices = page.getByRole("list", { name: "Devices" }).getByRole("listitem");
    await expect(devices).toHaveCount(2);
    await expect(devices.filter({ hasText: "this one" })).toHaveCount(1);
    await accessible(page);
    await shot(page, "two-devices");
    await devices.getByRole("button", { name: /^Sign out/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
    await expect(devices).toHaveCount(1);
    await phone.reload();
    await expect(phone.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await context.close();
  });

  await test.step("a forgotten password", async () => {
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("dialog").getByLabel("Also in this browser").check();
    await shot(page, "sign-out-everywhere");
    await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
    const letter = await server.letter(email, "/reset");
    await page.goto(letter);
    await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
    await accessible(page);
    await shot(page, "new-password");
    await page.getByLabel("New password").fill(OTHER);
    await page.getByRole("button", { name: "Set the password" }).click();
    await expect(page.getByRole("heading", { name: "Your password is set" })).toBeVisible();
    await shot(page, "password-set");
    await page.goto(letter);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set the password" }).click();
    await expect(page.getByRole("alert")).toContainText("This link does not work any more");
    await accessible(page);
  });

  await test.step("the new password signs in, and the code is still asked for", async () => {
    await page.getByRole("link", { name: "Back to the sign-in" }).click();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("do not fit together")).toBeVisible();
    await enter(page, OTHER);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(recovery[0] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("used before");
    await page.getByLabel("Recovery code").fill(recovery[1] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
  });

  await test.step("the second factor is taken away with the password", async () => {
    await page.goto(`${server.url}/settings/profile`);
    const block = page.getByRole("region", { name: "Second factor" });
    await block.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove the second factor?" });
    await dialog.getByLabel("Your password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect(dialog.getByRole("alert")).toHaveText("This is not your password.");
    await accessible(page);
    await shot(page, "remove-second-factor");
    await dialog.getByLabel("Your password").fill(OTHER);
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(block.getByRole("button", { name: "Set up an authenticator" })).toBeVisible();
  });
});

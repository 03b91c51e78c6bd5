/**
 * An organisation from its first invitation to its end, and back: two people, a program with its key, a secret, and the
 * audit log that has all of it and is verified without the server.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Download, Page } from "@playwright/test";
import { noSidewaysScroll, signIn } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, invite, test } from "./support/journey.ts";
import { programs } from "./support/programs.ts";

const run = promisify(execFile);
const SECRET_VALUE = "npm_a-token-nobody-may-see";

/** To a page of the settings, as a person comes there. */
async function settings(page: Page, link: string, heading = link): Promise<void> {
  await page
    .getByRole("navigation", { name: "Settings" })
    .getByRole("link", { name: link, exact: true })
    .click();
  await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
}

async function organisationSettings(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Organisation / }).click();
  await page.getByRole("menuitem", { name: "Organisation settings" }).click();
  await expect(page.getByRole("heading", { name: "Organisation", level: 1 })).toBeVisible();
}

/** What a dialog shows once. */
async function shownOnce(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole("dialog", { name: title });
  const text = ((await dialog.getByRole("code").textContent()) ?? "").trim();
  await checked(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(text)).toHaveCount(0);
  return text;
}

/** Toasts that fade have no contrast to measure. */
async function checked(page: Page): Promise<void> {
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0);
  await accessible(page);
}

async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option }).click();
}

test("organisation", async ({ page, browser, person, server, watch, shot }) => {
  const other = await invite(server, "bo");
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await watch.add(context);
  const bo = await context.newPage();
  await signIn(page, person.link);
  await signIn(bo, other.link);
  const statusOf = async (key: string) =>
    (await fetch(`${server.url}/v1/me`, { headers: { Authorization: `Bearer ${key}` } })).status;

  await test.step("a name for people", async () => {
    await organisationSettings(page);
    await checked(page);
    const form = page.getByRole("form", { name: "Name" });
    await form.getByLabel("Name").fill("Heron Works");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: "Organisation Heron Works" })).toBeVisible();
    await shot(page, "organisation");
  });

  let link = "";
  await test.step("an invitation, whose link is shown once", async () => {
    await settings(page, "Invitations");
    await expect(page.getByText("No invitations")).toBeVisible();
    await page.getByRole("button", { name: "New invitation" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New invitation" });
    await dialog.getByRole("radio", { name: /Whoever has the link/ }).check();
    await choose(page, "Role", /^member/);
    await checked(page);
    await shot(page, "invitation");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    link = server.here(await shownOnce(page, "The invitation"));
    await expect(page.getByRole("list", { name: "Invitations" })).toContainText("Whoever has the link");
  });

  await test.step("somebody else accepts it, in another browser, and is there", async () => {
    await bo.goto(link);
    await bo.getByRole("button", { name: /^(Join|Accept)/ }).click();
    await expect(bo.getByRole("button", { name: "Organisation Heron Works" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("list", { name: "Invitations" })).toContainText("accepted");
    await shot(page, "accepted");
  });

  await test.step("a role says what can be done, and changes while one looks", async () => {
    await organisationSettings(bo);
    await expect(bo.getByText(/You are a member/).first()).toBeVisible();
    await expect(bo.getByRole("button", { name: "Delete …" })).toBeDisabled();
    await settings(bo, "Audit log");
    await expect(bo.getByText("Admins and owners can read the audit log. You are a member.")).toBeVisible();
    await checked(bo);
    await shot(bo, "as-a-member");
    await settings(page, "Members");
    await choose(page, `Role of ${other.email}`, /^admin/);
    await expect(page.getByText(`${other.email} is an admin now`)).toBeVisible();
    await expect(page.getByRole("combobox", { name: `Role of ${person.email}` })).toBeDisabled();
    await checked(page);
    await shot(page, "members");
    await bo.reload();
    await expect(bo.getByText("accepted an invitation")).toBeVisible();
    await shot(bo, "as-an-admin");
  });

  await test.step("one switches to one's other organisation, and back", async () => {
    await bo.getByRole("button", { name: "Organisation Heron Works" }).click();
    await bo.getByRole("menuitem", { name: new RegExp(other.org) }).click();
    await expect(bo.getByRole("button", { name: `Organisation ${other.org}` })).toBeVisible();
    await organisationSettings(bo);
    await bo.getByRole("button", { name: "Switch to Heron Works" }).click();
    await expect(bo.getByRole("button", { name: "Organisation Heron Works" })).toBeVisible();
  });

  let first = "";
  await test.step("a service account with a key of its own", async () => {
    await settings(page, "Service accounts");
    await page.getByRole("button", { name: "New service account" }).first().click();
    await page.getByRole("textbox", { name: "Name" }).fill("nightly build");
    await page.getByRole("button", { name: "Make the account" }).click();
    await expect(page.getByRole("list", { name: "Service accounts" })).toContainText("No keys");
    await page.getByRole("button", { name: "New key for nightly build" }).click();
    const dialog = page.getByRole("dialog", { name: "New API key" });
    await expect(dialog.getByRole("combobox", { name: "Acts as" })).toContainText("nightly build");
    await dialog.getByRole("textbox", { name: "Name" }).fill("deploy");
    await dialog.getByRole("checkbox", { name: /sessions:read/ }).check();
    await shot(page, "key-with-scopes");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    first = await shownOnce(page, "Your new API key");
    expect(await statusOf(first)).toBe(200);
    await expect(page.getByRole("list", { name: "Service accounts" })).toContainText("One key");
    await checked(page);
  });

  await test.step("a rotation lets both keys work, and says until when", async () => {
    await settings(page, "API keys");
    await page.getByRole("button", { name: "Rotate deploy" }).click();
    await page.getByRole("button", { name: "Make the new key" }).click();
    const dialog = page.getByRole("dialog", { name: "The new API key" });
    await expect(dialog).toContainText("The old key works until");
    const second = await shownOnce(page, "The new API key");
    expect(second).not.toBe(first);
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    const list = page.getByRole("list", { name: "API keys", exact: true });
    await expect(list).toContainText("This old key works until");
    await page.getByRole("button", { name: "Change deploy", exact: true }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("deploy to production");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(list).toContainText("deploy to production");
    await checked(page);
    await shot(page, "rotated");
    await page.getByRole("button", { name: "Revoke deploy (the old key)" }).click();
    await page.getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByText("One key that is over")).toBeVisible();
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
  });

  await test.step("a secret goes in and is never shown", async () => {
    await settings(page, "Secrets");
    await page.getByRole("button", { name: "New secret" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New secret" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("PATH");
    await dialog.getByLabel("Value", { exact: true }).fill(SECRET_VALUE);
    await dialog.getByRole("button", { name: "Add secret" }).click();
    await expect(dialog.getByText("The sandbox needs this variable itself.")).toBeVisible();
    await dialog.getByRole("textbox", { name: "Name" }).fill("NPM_TOKEN");
    await checked(page);
    await shot(page, "secret");
    await dialog.getByRole("button", { name: "Add secret" }).click();
    const list = page.getByRole("list", { name: "Secrets" });
    await expect(list).toContainText("For set-up commands of every session");
    expect(await page.content()).not.toContain(SECRET_VALUE);
    await page.getByRole("button", { name: "Replace NPM_TOKEN" }).click();
    await page.getByRole("radio", { name: /^Both/ }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(list).toContainText("set-up commands and the agent");
    await checked(page);
    await shot(page, "secrets");
  });

  await test.step("the audit log has all of it, filtered and as it happens", async () => {
    await settings(page, "Audit log");
    const records = page.getByRole("region", { name: "Records" });
    for (const words of [
      "added a secret",
      "revoked an API key",
      "rotated an API key",
      "made a service account",
      "changed a member's role",
      "accepted an invitation",
      "renamed the organisation",
    ]) {
      await expect(records.getByText(words).first()).toBeVisible();
    }
    await checked(page);
    await shot(page, "audit");
    await choose(page, "What", "Secrets");
    await expect(records.getByRole("listitem")).toHaveCount(2);
    await records.getByRole("button", { name: /added a secret/ }).click();
    await expect(records.getByText(/^req_/)).toBeVisible();
    await expect(records.getByText(/^No\. \d+$/)).toBeVisible();
    await checked(page);
    await shot(page, "audit-record");

    // What somebody else does comes by itself.
    await organisationSettings(bo);
    await settings(bo, "Secrets");
    await bo.getByRole("button", { name: "Delete NPM_TOKEN" }).click();
    await bo.getByRole("button", { name: "Delete secret" }).click();
    await expect(records.getByText("deleted a secret")).toBeVisible();
    await expect(records.getByRole("listitem")).toHaveCount(3);
  });

  await test.step("it is exported, and verified without the server", async () => {
    const exported = async (item: RegExp): Promise<Download> => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await page.getByRole("menuitem", { name: item }).click();
      return coming;
    };
    const table = await readFile(await (await exported(/Table/)).path(), "utf8");
    const actions = table.split("\n").filter((line) => line.includes("secret."));
    expect(actions).toHaveLength(3);
    expect(table).not.toContain("api_key.");
    expect(table).not.toContain(SECRET_VALUE);
    await page.getByRole("button", { name: "Clear the filter" }).click();
    const chain = await (await exported(/Chain/)).path();
    const { stdout } = await run(programs("coordinator"), ["audit", "verify", "--file", chain]);
    expect(stdout).toMatch(/record/i);
    const text = await readFile(chain, "utf8");
    expect(text).not.toContain(SECRET_VALUE);
    expect(Object.keys(JSON.parse(text.trim().split("\n").at(-1) ?? "{}") as object)).toEqual(["head"]);
  });

  await test.step("limits, with what is in use", async () => {
    await settings(page, "Limits and usage");
    // Two people and a program.
    await expect(page.getByRole("meter", { name: "Members" })).toHaveAttribute("aria-valuenow", "3");
    await checked(page);
    await shot(page, "limits");
  });

  await test.step("it is deleted, says so everywhere, and is restored", async () => {
    await settings(page, "General", "Organisation");
    await page.getByRole("button", { name: "Delete …" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Heron Works?" });
    const button = dialog.getByRole("button", { name: "Delete organisation" });
    await dialog.getByRole("textbox").fill("something else");
    await expect(button).toBeDisabled();
    await dialog.getByRole("textbox").fill(person.org);
    await checked(page);
    await shot(page, "delete");
    await button.click();
    const banner = page.getByRole("region", { name: "The organisation is going to be deleted" });
    await expect(banner).toContainText("Heron Works will be erased on");
    await checked(page);
    await shot(page, "closing");
    await settings(page, "API keys");
    await expect(page.getByText("Not while the organisation is waiting to be deleted.")).toBeVisible();
    await bo.reload();
    await expect(bo.getByText(/an owner can restore it/)).toBeVisible();
    await banner.getByRole("button", { name: "Restore" }).click();
    await expect(banner).toHaveCount(0);
    await expect(page.getByRole("list", { name: "API keys", exact: true })).toContainText(
      "deploy to production",
    );
    await shot(page, "restored");
  });

  await test.step("on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("navigation", { name: "Settings" }).getByRole("button").click();
    await page.getByRole("menuitem", { name: "Audit log" }).click();
    await expect(page.getByText("restored the organisation")).toBeVisible();
    await noSidewaysScroll(page);
    await checked(page);
    await shot(page, "phone");
  });
});

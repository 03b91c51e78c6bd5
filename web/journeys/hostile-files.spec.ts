/**
 * Names, branches, contents and attachments are hostile here, and go the whole way: through git, the sandbox, the
 * agent and the server. Nothing runs, nothing leaves, nothing breaks the page.
 */
import { AGENT_MS, chooseDemo, composer, done, log, send, sessionOf, signIn } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { paste } from "./support/files.ts";
import * as hostile from "./support/hostile.ts";
import { expect, test } from "./support/journey.ts";

test("hostile files", async ({ page, context, person, server, git, shot, watch }) => {
  const border = new hostile.Border(context, server.url);
  // A picture that is none is asked for once, and shown as a file then.
  watch.allow(/not-a-picture/);
  const repository = await git.add("hostile", hostile.REPOSITORY, hostile.BRANCH);
  await signIn(page, person.link);

  await test.step("a repository: its branch, its names, what it says of itself", async () => {
    const form = page.getByRole("form", { name: "New session" });
    await form.getByLabel(/What is to be done/).fill(`${hostile.TITLE}\n${hostile.writesFiles()}`);
    await form.getByLabel(/^Repository/).fill(repository);
    await form.getByText("Branch and access").click();
    await form.getByLabel("Branch, tag or commit").fill(hostile.BRANCH);
    await expect(form.getByRole("region", { name: "Set-up" }).getByText("Detected")).toBeVisible({
      timeout: AGENT_MS,
    });
    await chooseDemo(page);
    await form.getByRole("radio", { name: /Ask first/ }).check();
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "repository");
    await form.getByRole("button", { name: "Start session" }).click();
    await sessionOf(page);
  });

  await test.step("a permission shows what is really asked", async () => {
    const asked = log(page).getByRole("region", { name: "Permission" });
    await expect(asked).toContainText("window.pwned", { timeout: AGENT_MS });
    await expect(asked).toContainText(hostile.VISIBLE);
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "permission");
    await asked.getByRole("button", { name: "Allow once" }).click();
    await done(page, 1);
  });

  await test.step("the changes: names and lines as they are, in one piece", async () => {
    await page.getByRole("tab", { name: "Changes" }).click();
    const changes = page.getByRole("tabpanel", { name: "Changes" });
    await expect(changes.getByText(/^\d+ files$/)).toBeVisible();
    await hostile.answersKeys(page);
    await expect(changes.getByText(hostile.VISIBLE).first()).toBeVisible();
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "changes");
    for (const tab of ["Details", "Terminal", "Changes"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
      await hostile.harmless(page);
    }
    await shot(page, "changes-again");
  });

  await test.step("files that come along never run", async () => {
    for (const file of hostile.FILES) await paste(composer(page), file);
    await expect(page.getByRole("list", { name: "Files to send" }).getByRole("listitem")).toHaveCount(4);
    await hostile.harmless(page);
    await shot(page, "files-to-send");
    await send(page, "say: They came.");
    await done(page, 2);
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "files");
    const links = log(page).getByRole("list", { name: "Attachments" }).getByRole("link");
    await expect(links).toHaveCount(hostile.FILES.length);
    for (const link of await links.all()) {
      const answer = await page.request.get((await link.getAttribute("href")) ?? "");
      const headers = answer.headers();
      expect(headers["content-disposition"]).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+$/);
      expect(headers["content-type"]).toBe("application/octet-stream");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toContain("sandbox");
    }
    const download = page.waitForEvent("download");
    await links.filter({ hasText: "page.html" }).click();
    expect((await download).suggestedFilename()).toBe("page.html");
  });

  await test.step("all of it on a phone, in the dark", async () => {
    const phone = await hostile.onPhone(page);
    await phone.getByRole("button", { name: "Open panel" }).click();
    const sheet = phone.getByRole("dialog", { name: "Panel" });
    await sheet.getByRole("tab", { name: "Changes" }).click();
    await expect(sheet.getByText(hostile.VISIBLE).first()).toBeVisible();
    await hostile.harmless(phone);
    await accessible(phone);
    await shot(phone, "phone-changes");
    await sheet.getByRole("button", { name: "Close panel" }).click();
    await hostile.answersKeys(phone);
    await hostile.harmless(phone);
    await shot(phone, "phone");
    await phone.close();
  });
  expect(border.crossed, "nothing left the server").toEqual([]);
});

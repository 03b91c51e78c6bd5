/** Files go along with a prompt: a picture that was pasted, a text that was dropped; the agent really has them. */
import { done, log, send, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { drag, NOTES, PICTURE, paste } from "./support/files.ts";
import { expect, test } from "./support/journey.ts";

test("attachments", async ({ page, person, shot }) => {
  await signIn(page, person.link);
  const id = await start(page, { prompt: "say: Ready." });
  await done(page, 1);
  const message = page.getByRole("textbox", { name: "Message" });
  const files = page.getByRole("list", { name: "Files to send" });

  await test.step("a picture is pasted, a file is dropped", async () => {
    await paste(message, PICTURE);
    await expect(files.getByRole("listitem")).toHaveText([/flag\.png/]);
    const dragged = await drag(log(page), NOTES);
    await expect(page.getByText("Drop files to attach them")).toBeVisible();
    await shot(page, "dragging");
    await dragged.drop();
    await expect(files.getByRole("listitem")).toHaveText([/flag\.png/, /notes\.txt/]);
    await expect(page.getByText("Drop files to attach them")).toHaveCount(0);
  });

  await test.step("one that was too much is taken out again", async () => {
    await paste(message, { ...NOTES, name: "by-mistake.txt" });
    await files.getByRole("button", { name: "Remove by-mistake.txt" }).click();
    await expect(files.getByRole("listitem")).toHaveCount(2);
    await accessible(page);
    await shot(page, "to-send");
  });

  await test.step("both are shown in the prompt", async () => {
    await send(page, "say: Both came.");
    await expect(files).toHaveCount(0);
    await done(page, 2);
    const prompt = log(page).getByRole("article", { name: "Prompt" }).last();
    const picture = prompt.getByRole("img", { name: "flag.png" });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
    await expect(prompt.getByRole("link", { name: /notes\.txt/ })).toBeVisible();
    await accessible(page);
    await shot(page, "sent");
  });

  await test.step("both were delivered, byte by byte", async () => {
    const session = person.api.sessions.open(id);
    const prompt = (await session.prompts()).items.at(-1);
    for (const [at, file] of [PICTURE, NOTES].entries()) {
      const response = await fetch(session.attachmentUrl(prompt?.id ?? "", at), {
        headers: { Authorization: `Bearer ${person.key}` },
      });
      expect(Buffer.from(await response.arrayBuffer()).toString("base64")).toBe(file.base64);
    }
    const download = page.waitForEvent("download");
    await log(page)
      .getByRole("link", { name: /notes\.txt/ })
      .click();
    expect((await download).suggestedFilename()).toBe("notes.txt");
  });

  await test.step("the tools of the agent can read them", async () => {
    await send(page, "run: find / -name notes.txt -not -path '/proc/*' -exec cat {} + 2>/dev/null");
    await done(page, 3);
    await log(page).getByRole("button", { name: /^Ran / }).click();
    await expect(log(page).getByRole("group", { name: "Output" })).toContainText("Größe: three");
    await shot(page, "read-by-the-agent");
  });
});

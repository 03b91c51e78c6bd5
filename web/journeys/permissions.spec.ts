/** The agent asks first: answers by button and by key, and what stays of them. */
import { AGENT_MS, done, inRail, log, send, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";

test("permissions", async ({ page, person, shot }) => {
  await signIn(page, person.link);
  const prompt = "run: echo first-answer\nrun: echo second-answer\nsay: Both ran.";
  const id = await start(page, { prompt, ask: true });
  const asked = log(page).getByRole("region", { name: "Permission" });

  await test.step("a permission is asked, everywhere one would look", async () => {
    await expect(asked).toContainText("Allow running this command?", { timeout: AGENT_MS });
    await expect(asked).toContainText("echo first-answer");
    await expect(page).toHaveTitle(/^\(1\) /);
    const waiting = page.getByRole("region", { name: "needs you" });
    await expect(waiting.getByRole("link")).toContainText("Asks for permission");
    await accessible(page);
    await shot(page, "asked");
  });

  await test.step("answered by button", async () => {
    await asked.getByRole("button", { name: "Allow once" }).click();
    await expect(log(page).getByText(/^You allowed once: .*echo first-answer/)).toBeVisible();
    await expect(asked).toContainText("echo second-answer");
  });

  await test.step("answered by the key y", async () => {
    await log(page).focus();
    await page.keyboard.press("y");
    await expect(log(page).getByText(/^You allowed once: .*echo second-answer/)).toBeVisible();
    await done(page, 1);
    await expect(log(page).getByText("Both ran.", { exact: true })).toBeVisible();
    await shot(page, "allowed");
  });

  await test.step("rejected by the key n: nothing of it happens", async () => {
    await send(page, "write: forbidden.txt=no");
    await expect(asked).toContainText("forbidden.txt");
    await log(page).focus();
    await page.keyboard.press("n");
    await expect(log(page).getByText(/^You rejected: .*forbidden\.txt/)).toBeVisible();
    await expect(asked).toHaveCount(0);
    await expect.poll(async () => (await person.api.sessions.get(id)).status).toBe("idle");
    await expect(person.api.sessions.open(id).file("forbidden.txt")).rejects.toMatchObject({ status: 404 });
    await expect(page).not.toHaveTitle(/^\(/);
    await shot(page, "rejected");
  });

  await test.step("a question is answered", async () => {
    await send(page, "ask: Which colour? Red | Blue\nsay: Thank you.");
    const question = log(page).getByRole("form", { name: "Question" });
    await expect(question.getByRole("group", { name: "Which colour?" })).toBeVisible();
    await expect(inRail(page, "Has a question")).toBeVisible();
    await expect(question.getByRole("button", { name: "Answer" })).toBeDisabled();
    await question.getByRole("radio", { name: "Blue" }).check();
    await accessible(page);
    await shot(page, "question");
    await question.getByRole("button", { name: "Answer" }).click();
    await expect(log(page).getByText("Answered by You")).toBeVisible();
    await expect(log(page).getByText("Which colour? Blue")).toBeVisible();
    await expect(log(page).getByText("Thank you.", { exact: true })).toBeVisible();
    await shot(page, "answered");
  });

  await test.step("whoever comes later sees who answered what", async () => {
    await page.reload();
    await expect(log(page).getByText(/^You allowed once: .*echo first-answer/)).toBeVisible();
    await expect(log(page).getByText(/^You allowed once: .*echo second-answer/)).toBeVisible();
    await expect(log(page).getByText(/^You rejected: /)).toBeVisible();
    await expect(log(page).getByText("Answered by You")).toBeVisible();
  });
});

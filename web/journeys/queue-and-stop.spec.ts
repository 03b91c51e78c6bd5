/** While a turn runs one writes on: what waits is seen, can be taken back, and runs when the turn was stopped. */
import { AGENT_MS, composer, done, log, send, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { expect, test } from "./support/journey.ts";

test("queue and stop", async ({ page, person, shot }) => {
  await signIn(page, person.link);
  const id = await start(page, { prompt: "run: for i in $(seq 3000); do echo tick-$i; sleep 0.2; done" });
  const queue = page.getByRole("list", { name: "Queued prompts" });

  await test.step("a command shows its newest output while it runs", async () => {
    const tail = log(page).getByRole("group", { name: "Newest output" });
    await expect(tail).toContainText("tick-3", { timeout: AGENT_MS });
    await shot(page, "running");
  });

  await test.step("two prompts wait, in their order", async () => {
    await send(page, "say: The second answer.");
    await expect(queue.getByRole("listitem")).toHaveText([/The second answer/]);
    await send(page, "say: The third answer.");
    await expect(queue.getByRole("listitem")).toHaveText([
      /^Next.*The second answer/,
      /^2.*The third answer/,
    ]);
    await accessible(page);
    await shot(page, "queued");
  });

  await test.step("one is taken back", async () => {
    await queue.getByRole("listitem").first().getByRole("button", { name: "Cancel queued prompt" }).click();
    await expect(queue.getByRole("listitem")).toHaveText([/^Next.*The third answer/]);
    await shot(page, "one-cancelled");
  });

  await test.step("Esc twice stops; the first one says so", async () => {
    await composer(page).focus();
    await page.keyboard.press("Escape");
    const hint = page.getByRole("status").filter({ hasText: "again to stop" });
    await expect(hint).toBeVisible();
    // One alone stops nothing, and looking has taken its time: now both, one right after the other.
    await expect(hint).toHaveCount(0);
    await expect(log(page).getByText("Stopped by You")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(log(page).getByText("Stopped by You")).toBeVisible();
  });

  await test.step("the next one runs, the cancelled one never does", async () => {
    await done(page, 1);
    await expect(log(page).getByText("The third answer.", { exact: true })).toBeVisible();
    await expect(log(page).getByText("The second answer.", { exact: true })).toHaveCount(0);
    await expect(queue).toHaveCount(0);
    const card = log(page).getByRole("button", { name: /^Ran for i/ });
    await expect(card).toContainText("stopped");
    const { items } = await person.api.sessions.open(id).prompts();
    expect(items.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "completed"]);
    await shot(page, "next-ran");
  });
});

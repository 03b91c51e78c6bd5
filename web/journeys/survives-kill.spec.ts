/** The server is killed while text streams and the page is open: nothing lost, nothing doubled, nothing moved. */
import { AGENT_MS, composer, done, log, send, sessionOf, shown, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import { dense, eventsOf, fold } from "./support/events.ts";
import { Frames } from "./support/frames.ts";
import { growth, watchGrowth } from "./support/growth.ts";
import { expect, invite, test } from "./support/journey.ts";
import { places, watchPlace } from "./support/stillness.ts";

const WORDS = 200;

// Tall, so that the whole conversation is in sight and has no reason to scroll.
test.use({ viewport: { width: 1440, height: 1400 } });

test("a killed server", async ({ page, own, watch, shot }) => {
  // A page whose server is gone cannot but say that it asks in vain.
  watch.allow(
    /net::ERR_CONNECTION_REFUSED|net::ERR_EMPTY_RESPONSE|net::ERR_CONNECTION_RESET|net::ERR_INCOMPLETE/,
  );
  const person = await invite(own, "ada");
  const frames = new Frames(page);
  await signIn(page, person.link);
  await start(page, { prompt: "say: Ready." });
  await done(page, 1);

  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await watchGrowth(page);
  const words = `slow: ${WORDS}`;
  await send(page, words);
  await expect(log(page).getByText(/\bword20\b/)).toBeVisible({ timeout: AGENT_MS });
  await composer(page).fill("Half a sentence that I was");
  await watchPlace("title", page.getByRole("heading", { level: 1 }));
  await watchPlace("first prompt", log(page).getByRole("article", { name: "Prompt" }).first());
  await watchPlace("second prompt", log(page).getByRole("article", { name: "Prompt" }).last());
  await watchPlace("composer", composer(page));
  await shot(page, "streaming");

  await test.step("the server is killed: the page says so and keeps everything", async () => {
    await own.kill9();
    await expect(page.getByText("Reconnecting, nothing is lost")).toBeVisible();
    await expect(log(page).getByText(/\bword20\b/)).toBeVisible();
    await expect(composer(page)).toHaveValue("Half a sentence that I was");
    await accessible(page);
    await shot(page, "reconnecting");
  });

  await test.step("it is back: the turn goes on to its end", async () => {
    await own.restart();
    await expect(page.getByText("Reconnecting, nothing is lost")).toBeHidden();
    await done(page, 2);
    await shot(page, "whole");
  });

  await test.step("nothing lost, nothing doubled", async () => {
    const session = await sessionOf(page);
    const events = await eventsOf(person, session);
    expect(events.map(({ seq }) => seq)).toEqual(dense(events.length));
    expect(frames.connections, "there was a second connection").toBeGreaterThan(1);
    await expect
      .poll(() => frames.seqs, "each event came once, over all connections")
      .toEqual(dense(events.length));

    const view = fold(events);
    expect(view.turns.map(({ status }) => status)).toEqual(["completed", "completed"]);
    const told = view.turns.flatMap(({ entries }) =>
      entries.flatMap((one) => (one.kind === "text" ? [one.text] : [])),
    );
    expect(told.join(" ").match(/word\d+/g)).toEqual(dense(WORDS).map((number) => `word${number}`));
    const text = (await log(page).textContent()) ?? "";
    expect(text.match(/word\d+/g), "the page shows every word once").toEqual(
      dense(WORDS).map((number) => `word${number}`),
    );
    const seen = await growth(page);
    expect(Math.max(...seen), `no word was ever shown twice: ${seen}`).toBe(WORDS);
    // The model was being asked by the server that was killed: the agent asks again, once, and its answer begins anew.
    const taken = seen.filter((words, at) => words < (seen[at - 1] ?? 0));
    expect(taken.length, `words were taken back: ${seen}`).toBeLessThanOrEqual(1);
    expect(seen.at(-1)).toBe(WORDS);

    const here = await shown(page);
    const fresh = await page.context().newPage();
    await fresh.goto(`${new URL(page.url()).origin}/sessions/${session}`);
    await expect(log(fresh).getByText(/^Done in /)).toHaveCount(2);
    expect(here, "a page that was opened later shows the same").toEqual(await shown(fresh));
    await fresh.close();
  });

  await test.step("no reload, and nothing jumped", async () => {
    expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
    await expect(composer(page)).toHaveValue("Half a sentence that I was");
    for (const [what, tops] of Object.entries(await places(page))) {
      expect(tops, `the ${what} stood still`).toHaveLength(1);
      expect(tops[0]).not.toBeNaN();
    }
  });
});

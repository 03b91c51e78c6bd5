/**
 * What a model says and what a command prints is hostile here, and goes the whole way: through the agent, the sandbox
 * and the server. Nothing runs, nothing leaves, nothing breaks the page.
 */
import { AGENT_MS, done, inRail, log, send, signIn, start } from "./support/app.ts";
import { accessible } from "./support/axe.ts";
import * as hostile from "./support/hostile.ts";
import { expect, test } from "./support/journey.ts";

test("hostile words", async ({ page, context, person, server, shot }) => {
  const border = new hostile.Border(context, server.url);
  await signIn(page, person.link);
  let id = "";

  await test.step("a prompt, a thought, a plan, an answer in Markdown", async () => {
    id = await start(page, { prompt: hostile.WORDS });
    await done(page, 1);
    await expect(log(page).getByText("The last words of the answer.")).toBeVisible();
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "markdown");
    await hostile.toStart(page);
    const thought = log(page).getByRole("button", { name: /^Thought/ });
    await hostile.reach(page, thought, 300);
    await thought.click();
    await page.getByRole("tab", { name: "Plan" }).click();
    await expect(page.getByRole("tabpanel", { name: "Plan" })).toContainText("window.pwned");
    await hostile.harmless(page);
    await shot(page, "plan");
  });

  await test.step("only links that may be followed are links, and they say where they lead", async () => {
    await hostile.reach(page, log(page).getByRole("link", { name: "fine" }), 300);
    const links = await log(page)
      .getByRole("link")
      .evaluateAll((all: HTMLAnchorElement[]) => all.map(({ href, title }) => ({ href, title })));
    for (const { href, title } of links) expect(title).toContain(href);
    expect([...new Set(links.map(({ href }) => href))].sort()).toEqual([
      "https://example.org/a?b=%3Cc%3E",
      "https://example.org/auto",
      "https://tracker.invalid/pixel.png",
      "mailto:a@example.org",
    ]);
  });

  await test.step("a question", async () => {
    await send(page, hostile.QUESTION);
    const question = log(page).getByRole("form", { name: "Question" });
    await expect(question).toBeVisible({ timeout: AGENT_MS });
    await expect(question).toContainText(hostile.VISIBLE);
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "question");
    await question.getByRole("radio").last().click();
    await question.getByRole("button", { name: "Answer" }).click();
    await hostile.ended(person, id, 2);
  });

  await test.step("output of a command that drives a terminal", async () => {
    await send(page, hostile.OUTPUT);
    await hostile.ended(person, id, 3);
    await log(page).getByRole("button", { name: /^Ran / }).click();
    const output = log(page).getByRole("group", { name: "Output" });
    await expect(output).toContainText("a-link");
    await expect(output).toContainText(hostile.VISIBLE);
    await expect(output).toContainText("100 percent");
    await expect(output, "an unfinished sequence hides nothing that follows").toContainText(
      "after-the-endless-one",
    );
    await expect(page).not.toHaveTitle(/taken|again/);
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "output");
    await page.getByRole("tab", { name: "Terminal" }).click();
    const terminal = page.getByRole("tabpanel", { name: "Terminal" });
    await expect(terminal).toContainText("after-the-endless-one");
    await hostile.harmless(page);
    await shot(page, "terminal");
  });

  await test.step("ten megabytes on one line, and a hundred thousand lines", async () => {
    await send(page, `${hostile.LONG_LINE}\n${hostile.MANY_LINES}`);
    await hostile.ended(person, id, 4);
    await hostile.answersKeys(page);
    for (const [command, part] of [
      [/^Ran seq/, "9800"],
      [/^Ran head/, "BBBBBBBB"],
    ] as const) {
      const card = log(page).getByRole("button", { name: command });
      await hostile.reach(page, card, -300);
      await card.click();
      const output = card.locator("..").getByRole("group", { name: "Output" });
      await hostile.reach(page, output, 100);
      await expect(output).toContainText(part);
      await hostile.harmless(page);
      await hostile.answersKeys(page);
    }
    await shot(page, "long");
  });

  await test.step("a title", async () => {
    await page.getByRole("button", { name: "Session menu" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    const title = page.getByRole("textbox", { name: "Title of the session" });
    await title.fill(hostile.TITLE);
    await title.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toContainText(hostile.VISIBLE);
    await expect(inRail(page, "window.pwned")).toBeVisible();
    await hostile.harmless(page);
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option", { name: /window\.pwned/ }).first()).toBeVisible();
    await hostile.harmless(page);
    await accessible(page);
    await shot(page, "title");
    await page.keyboard.press("Escape");
  });

  await test.step("all of it on a phone, in the dark", async () => {
    const phone = await hostile.onPhone(page);
    await expect(
      log(phone)
        .getByText(/^Done in /)
        .last(),
    ).toBeVisible();
    await hostile.harmless(phone);
    await hostile.answersKeys(phone);
    await accessible(phone);
    await shot(phone, "phone");
    await hostile.toStart(phone);
    await hostile.harmless(phone);
    await shot(phone, "phone-start");
    await phone.close();
  });
  expect(border.crossed, "nothing left the server").toEqual([]);
});

/** The app, as a person handles it: by the names that are on the page. */
import { expect, type Locator, type Page } from "@playwright/test";

/** How long a sandbox and its agent may take on a machine that does other things too. */
export const AGENT_MS = 180_000;

export interface NewSession {
  prompt: string;
  repository?: string;
  /** Tools ask before they act. */
  ask?: boolean;
}

/** Opens a sign-in link; the app is there, and the token is in the address no more. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
  expect(page.url()).toBe(`${new URL(link).origin}/`);
}

/** Fills the form and starts; answers the session's id. */
export async function start(page: Page, { prompt, repository, ask }: NewSession): Promise<string> {
  const form = page.getByRole("form", { name: "New session" });
  await form.getByLabel(/What is to be done/).fill(prompt);
  if (repository) await form.getByLabel(/^Repository/).fill(repository);
  await chooseDemo(page);
  if (ask) await form.getByRole("radio", { name: /Ask first/ }).check();
  await form.getByRole("button", { name: "Start session" }).click();
  const id = await sessionOf(page);
  // At once, not with the next look at the list.
  await expect(page.locator(`a[data-session="${id}"]`)).toBeVisible({ timeout: 5_000 });
  return id;
}

/** The demo model, whatever the form proposes. */
export async function chooseDemo(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Model:/ }).click();
  await page.getByRole("option", { name: /demo/i }).click();
}

/** The id of the session that is on the page. */
export async function sessionOf(page: Page): Promise<string> {
  await page.waitForURL(/\/sessions\/ses_/);
  return page.url().split("/sessions/")[1] ?? "";
}

export function log(page: Page): Locator {
  return page.getByRole("log", { name: "Conversation" });
}

export function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message" });
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
}

/** Waits until so many turns have ended well; one that failed ends the waiting. */
export async function done(page: Page, turns: number): Promise<void> {
  const well = log(page).getByText(/^Done in /);
  const failed = log(page).getByRole("region", { name: "Failed turn" });
  const ended = async () => (await failed.count()) > 0 || (await well.count()) >= turns;
  await expect.poll(ended, { message: "the turn ends", timeout: AGENT_MS }).toBe(true);
  await expect(failed, "the turn ends well").toHaveCount(0);
  await expect(well).toHaveCount(turns);
}

/** The line of a session in the rail. */
export function inRail(page: Page, title: string): Locator {
  return page.getByRole("navigation", { name: "Sessions" }).getByRole("link", { name: title });
}

/** Everything the conversation shows, without times, which pass, and without what is only for screen readers. */
export async function shown(page: Page): Promise<string[]> {
  return log(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const time of copy.querySelectorAll("time")) time.remove();
    const textOf = (block: Element): string => {
      const words: string[] = [];
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) words.push(walker.currentNode.textContent ?? "");
      return words.join(" ").replace(/\s+/g, " ").trim();
    };
    const blocks = [...copy.querySelectorAll("article, p, pre, li, button, section > *")];
    const lines = blocks.map(textOf).filter((text) => text !== "");
    return lines;
  });
}

export async function noSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(over, "nothing is wider than the screen").toBeLessThanOrEqual(0);
}

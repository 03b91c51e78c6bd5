/** A real Chromium with one page, as a person's is: 1440 by 900, light. */
import { type Browser, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Without it the heap is read in steps.
  "--enable-precise-memory-info",
];

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.COORDINATOR_CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
  });
}

/** Does something on a fresh page with an empty cache, and throws it away. */
export async function onPage<Value>(browser: Browser, act: (page: Page) => Promise<Value>): Promise<Value> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    return await act(await context.newPage());
  } finally {
    await context.close();
  }
}

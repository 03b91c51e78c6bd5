/** Sees a text grow: how many of the demo model's words were in the page at each change of it. */
import type { Page } from "@playwright/test";

interface Growing {
  growth: number[];
}

/** Begins to look. */
export async function watchGrowth(page: Page): Promise<void> {
  await page.evaluate(() => {
    const growth: number[] = [];
    (window as unknown as Growing).growth = growth;
    new MutationObserver(() => {
      const log = document.querySelector('[role="log"]');
      const words = log?.textContent?.match(/word\d+/g)?.length ?? 0;
      if (words !== growth.at(-1)) growth.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Every number of words that was seen, in order. */
export async function growth(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as Growing).growth);
}

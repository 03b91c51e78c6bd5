/** Until a page has come to rest: what is on it is what a person would see who came a moment later. */
import type { Page } from "@playwright/test";

/** So long nothing may change. */
const QUIET_MS = 200;
/** A page that streams never rests; it is looked at as it is. */
const MOST_MS = 3_000;

export async function settled(page: Page): Promise<void> {
  // Nothing that stands in for what is still to come.
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"], [aria-label^="Loading"]') === null,
    null,
    { timeout: 15_000 },
  );
  await page.evaluate(
    async ([quiet, most]) => {
      await document.fonts.ready;
      await new Promise<void>((resolve) => {
        const rest = (): void => {
          clearTimeout(late);
          clearTimeout(timer);
          seen.disconnect();
          resolve();
        };
        const late = setTimeout(rest, most);
        let timer = setTimeout(rest, quiet);
        const seen = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(rest, quiet);
        });
        seen.observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
        });
      });
    },
    [QUIET_MS, MOST_MS] as const,
  );
}

/** Shows a tab of the panel, which is a sheet where there is no room for it. */
export async function openTab(page: Page, tab: string): Promise<void> {
  const found = page.getByRole("tab", { name: tab, exact: true });
  if (!(await found.isVisible())) await page.getByRole("button", { name: "Open panel" }).first().click();
  await found.click();
  await page.getByRole("tabpanel", { name: tab }).waitFor();
}

/** Accessibility of what is on the page now, by axe-core. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export async function accessible(page: Page): Promise<void> {
  // By the debugger, which the page's policy doesn't bind.
  const source = await readFile(path, "utf8");
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    const results = await axe.run();
    return results.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes
        .map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ""}`)
        .slice(0, 5),
    }));
  });
  expect(violations, "accessibility").toEqual([]);
}

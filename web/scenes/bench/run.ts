/** Measures what was asked for, prints a table to read and a line of JSON to keep. */
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";
import { type Figure, table, within } from "./figure.ts";
import { frames } from "./frames.ts";
import { interactive } from "./interactive.ts";
import { memory } from "./memory.ts";
import { typing } from "./typing.ts";

const ALL: Record<string, (browser: Browser) => Promise<Figure[]>> = { interactive, typing, frames, memory };

/** True when every figure is within its budget. */
export async function run(wanted: readonly string[]): Promise<boolean> {
  const unknown = wanted.filter((name) => !(name in ALL));
  if (unknown.length > 0) {
    process.stderr.write(`no such figure: ${unknown.join(", ")}; there are ${Object.keys(ALL).join(", ")}\n`);
    return false;
  }
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(ALL)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`measuring: ${name}\n`);
    // A browser each: nothing of one measurement is in the way of the next.
    const browser = await launch();
    try {
      figures.push(...(await measure(browser)));
    } finally {
      await browser.close();
    }
  }
  process.stdout.write(`${table(figures)}\n\n${JSON.stringify({ figures })}\n`);
  return figures.every(within);
}

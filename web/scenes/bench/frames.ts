/** Frames while a hundred deltas a second arrive. */
import type { Browser, Page } from "playwright-core";
import { serveScene } from "../server.ts";
import { fast } from "../turns.ts";
import { serveBare } from "./bare.ts";
import { onPage } from "./browser.ts";
import { type Figure, quantile } from "./figure.ts";

const SECONDS = 20;
const FRAME_MS = 1000 / 60;

export async function frames(browser: Browser): Promise<Figure[]> {
  const scene = fast();
  const server = await serveScene(scene);
  const bare = await serveBare();
  try {
    const app = await onPage(browser, async (page) => {
      await page.goto(server.url + scene.path);
      await page.getByRole("textbox", { name: "Message" }).waitFor();
      return intervals(page);
    });
    const empty = await onPage(browser, async (page) => {
      await page.goto(`${bare.url}#stream`);
      return intervals(page);
    });
    const how = `${SECONDS} s at 100 deltas/s, intervals between animation frames`;
    return [
      {
        name: "frame at 100 deltas/s, p95",
        value: quantile(app, 0.95),
        unit: "ms",
        bare: quantile(empty, 0.95),
        // One frame of 60 a second, with the jitter of the timer.
        most: FRAME_MS * 1.2,
        how,
      },
      {
        name: "frames dropped at 100 deltas/s",
        value: dropped(app),
        unit: "%",
        bare: dropped(empty),
        most: 5,
        how,
      },
    ];
  } finally {
    bare.close();
    await server.close();
  }
}

async function intervals(page: Page): Promise<number[]> {
  const all = await page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        let last = performance.now();
        const end = last + ms;
        const tick = (now: number): void => {
          found.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(tick);
          else resolve(found);
        };
        requestAnimationFrame(tick);
      }),
    SECONDS * 1000,
  );
  return all.slice(30);
}

/** Frames that should have been and were not, in percent of those that should have been. */
function dropped(found: readonly number[]): number {
  const missed = found.reduce((sum, each) => sum + Math.max(0, Math.round(each / FRAME_MS) - 1), 0);
  return (100 * missed) / (found.length + missed);
}

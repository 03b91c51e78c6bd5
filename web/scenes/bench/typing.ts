/** Typing with five thousand events on the page: main-thread time of a key, and the time until it is on the screen. */
import type { Browser, Page } from "playwright-core";
import { long } from "../crowds.ts";
import { serveScene } from "../server.ts";
import { serveBare } from "./bare.ts";
import { onPage } from "./browser.ts";
import { type Figure, quantile } from "./figure.ts";

const KEYS = 200;

interface Sample {
  /** Main-thread time of the key: from its first handler to the end of everything it changed, style and layout too. */
  work: number;
  /** From the key until after the frame that shows it. */
  shown: number;
}

export async function typing(browser: Browser): Promise<Figure[]> {
  const scene = long();
  const events = scene.sessions[0]?.events.length ?? 0;
  const server = await serveScene(scene);
  const bare = await serveBare();
  try {
    const app = await onPage(browser, async (page) => {
      await page.goto(server.url + scene.path);
      await page.getByRole("textbox", { name: "Message" }).waitFor();
      await page.getByText("is done. It had").last().waitFor();
      return type(page);
    });
    const empty = await onPage(browser, async (page) => {
      await page.goto(bare.url);
      return type(page);
    });
    const work = (samples: Sample[]) =>
      quantile(
        samples.map((sample) => sample.work),
        0.95,
      );
    const shown = (samples: Sample[]) =>
      quantile(
        samples.map((sample) => sample.shown),
        0.95,
      );
    return [
      {
        name: `typing with ${events} events, p95`,
        value: work(app),
        unit: "ms",
        bare: work(empty),
        most: 16,
        how: `main thread: first handler of the key to the end of rendering, style and layout forced, ${KEYS} keys`,
      },
      {
        name: "the same until it is on the screen, p95",
        value: shown(app),
        unit: "ms",
        bare: shown(empty),
        most: null,
        how: "waiting for the next frame of 60 a second included, which alone takes up to 16.7 ms",
      },
    ];
  } finally {
    bare.close();
    await server.close();
  }
}

async function type(page: Page): Promise<Sample[]> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.focus();
  await page.evaluate(() => {
    const samples: Sample[] = [];
    (globalThis as unknown as { samples: Sample[] }).samples = samples;
    const after = (then: () => void): void => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    };
    addEventListener(
      "keydown",
      (event) => {
        const begun = performance.now();
        let work = Number.NaN;
        // The last listener of all. React has rendered when its own are through; reading a size makes the browser work
        // out what that changed, which it would do before the frame. A message to oneself would not do for this:
        // after a key the browser draws first.
        addEventListener(
          "input",
          () =>
            queueMicrotask(() => {
              document.body.getBoundingClientRect();
              work = performance.now() - begun;
            }),
          { once: true },
        );
        requestAnimationFrame(() =>
          after(() => samples.push({ work, shown: performance.now() - event.timeStamp })),
        );
      },
      true,
    );
  });
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press(key % 7 === 6 ? "Space" : "e");
    await page.waitForFunction(
      (count) => (globalThis as unknown as { samples: Sample[] }).samples.length >= count,
      key + 1,
    );
  }
  const samples = await page.evaluate(() => (globalThis as unknown as { samples: Sample[] }).samples);
  return samples.filter(({ work }) => Number.isFinite(work)).slice(10);
}

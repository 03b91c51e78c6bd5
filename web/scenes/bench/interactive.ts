/** From the request for the page until the composer takes a letter, with an empty cache, from a local server. */
import type { Browser } from "playwright-core";
import { serveScene } from "../server.ts";
import { done } from "../turns.ts";
import { serveBare } from "./bare.ts";
import { onPage } from "./browser.ts";
import { type Figure, quantile } from "./figure.ts";

const ROUNDS = 12;

export async function interactive(browser: Browser): Promise<Figure[]> {
  const scene = done();
  const server = await serveScene(scene);
  const bare = await serveBare();
  try {
    const app = await rounds(browser, server.url + scene.path);
    const empty = await rounds(browser, bare.url);
    const how = `request to first letter in the composer, empty cache, local server, ${ROUNDS} loads`;
    return [
      {
        name: "interactive, median",
        value: quantile(app, 0.5),
        unit: "ms",
        bare: quantile(empty, 0.5),
        most: 1000,
        how,
      },
      {
        name: "interactive, slowest",
        value: Math.max(...app),
        unit: "ms",
        bare: Math.max(...empty),
        most: null,
        how,
      },
    ];
  } finally {
    bare.close();
    await server.close();
  }
}

async function rounds(browser: Browser, url: string): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.push(
      await onPage(browser, async (page) => {
        await page.goto(url, { waitUntil: "commit" });
        const composer = page.getByRole("textbox", { name: "Message" });
        await composer.fill("a");
        // Counted by the page's own clock, from the moment at which the page was asked for.
        return page.evaluate(() => performance.now());
      }),
    );
  }
  return samples;
}

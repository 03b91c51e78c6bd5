/** Watches that nothing jumps: where elements stand, at every frame. */
import type { Locator, Page } from "@playwright/test";

interface Standing {
  standing: Map<string, Set<number>>;
}

/** Begins to look at an element, by a name of its own. */
export async function watchPlace(name: string, locator: Locator): Promise<void> {
  await locator.evaluate((element, key) => {
    const store = window as unknown as Partial<Standing>;
    store.standing ??= new Map();
    const places = new Set<number>();
    store.standing.set(key, places);
    const look = (): void => {
      places.add(element.isConnected ? Math.round(element.getBoundingClientRect().top) : Number.NaN);
      requestAnimationFrame(look);
    };
    look();
  }, name);
}

/** Every place at which each element was seen; NaN when it was taken out of the page. */
export async function places(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(() => {
    const { standing } = window as unknown as Standing;
    return Object.fromEntries([...standing].map(([name, seen]) => [name, [...seen]]));
  });
}

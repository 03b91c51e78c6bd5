/** Coloured code, from a worker that starts with the first block of a known language. */
import type { ColouredLine } from "./colour.ts";
import { isKnown } from "./languages.ts";

export type { ColouredLine } from "./colour.ts";

/** Blocks whose colours are kept. */
const KEPT = 200;

const cache = new Map<string, ColouredLine[]>();
const waiting = new Map<number, (lines: ColouredLine[] | null) => void>();
let worker: Worker | null = null;
let last = 0;

/** The coloured lines; null for a language that is not known, and when there can be no worker. */
export async function highlight(text: string, language: string): Promise<ColouredLine[] | null> {
  if (!isKnown(language)) return null;
  const key = `${language}\n${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const lines = await ask(text, language);
  if (lines === null) return null;
  if (cache.size >= KEPT) cache.clear();
  cache.set(key, lines);
  return lines;
}

/** What is known already, so that a block that comes back into sight has its colours at once. */
export function highlighted(text: string, language: string): ColouredLine[] | null {
  return cache.get(`${language}\n${text}`) ?? null;
}

function ask(text: string, language: string): Promise<ColouredLine[] | null> {
  if (worker === null) {
    worker = new Worker(new URL("./highlight.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<{ id: number; lines: ColouredLine[] | null }>) => {
        waiting.get(data.id)?.(data.lines);
        waiting.delete(data.id);
      },
    );
    worker.addEventListener("error", () => {
      for (const done of waiting.values()) done(null);
      waiting.clear();
    });
  }
  last += 1;
  const id = last;
  return new Promise((done) => {
    waiting.set(id, done);
    worker?.postMessage({ id, text, language });
  });
}

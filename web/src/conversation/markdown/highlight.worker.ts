/** Colours are worked out here, beside the page: grammars are slow the first time, and a page must never wait for one. */
import { colour } from "./colour.ts";

interface Asked {
  id: number;
  text: string;
  language: string;
}

self.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  colour(data.text, data.language).then(
    (lines) => self.postMessage({ id: data.id, lines }),
    () => self.postMessage({ id: data.id, lines: null }),
  );
});

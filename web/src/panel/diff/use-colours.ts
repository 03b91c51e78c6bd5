/** Colours for the lines of a diff. They come when the highlighter is loaded; until then, and for long files, there are none. */
import { useEffect, useState } from "react";
import type { ColouredLine } from "~/conversation/markdown/highlight.ts";
import { languageOf } from "./language.ts";
import type { Row } from "./rows.ts";

/** Rows of a file that is still coloured. */
const MOST = 1500;

export type Colours = ReadonlyMap<number, ColouredLine>;

const NONE: Colours = new Map();

export function useColours(path: string, rows: Row[]): Colours {
  const [colours, setColours] = useState(NONE);
  useEffect(() => {
    const language = languageOf(path);
    if (language === null || rows.length > MOST) return setColours(NONE);
    let gone = false;
    colour(rows, language)
      .then((found) => {
        if (!gone) setColours(found);
      })
      // The part of the app that colours could not be loaded: the text is all there.
      .catch(() => {});
    return () => {
      gone = true;
    };
  }, [path, rows]);
  return colours;
}

/** Old and new side are each one text: a line means what it means among its own. */
async function colour(rows: Row[], language: string): Promise<Colours> {
  const { highlight } = await import("~/conversation/markdown/highlight.ts");
  const out = new Map<number, ColouredLine>();
  for (const side of ["del", "add"] as const) {
    const places = rows.flatMap((row, at) => (row.kind === side || row.kind === "context" ? [at] : []));
    const texts = places.map((at) => text(rows[at]));
    const lines = await highlight(texts.join("\n"), language);
    if (lines === null) return NONE;
    for (const [index, at] of places.entries()) {
      const line = lines[index];
      // What had to be made visible has other places than the text it came from: it stays without colour.
      if (line && line.map((piece) => piece.text).join("") === texts[index]) out.set(at, line);
    }
  }
  return out;
}

function text(row: Row | undefined): string {
  return row === undefined || row.kind === "gap" ? "" : row.text;
}

/** A block of code: its language, a Copy button, and colours once it is whole. Long lines scroll inside it. */
import { memo, useEffect, useState } from "react";
import { CopyButton } from "~/ui/index.ts";
import { plain, plainLines } from "~/ui/plain.ts";
import { grouped } from "../ansi/lines.ts";
import { Scrollable } from "../scrollable.tsx";
import type { ColouredLine } from "./colour.ts";
import { highlight, highlighted } from "./highlight.ts";

/** Longest code that is shown at once, and that is coloured. */
const FIRST = 40_000;
const COLOURED = 30_000;

interface CodeProps {
  text: string;
  language: string;
  /** It is still being written. */
  open?: boolean;
}

export const Code = memo(function Code({ text, language, open = false }: CodeProps) {
  const [limit, setLimit] = useState(FIRST);
  const name = plain(language.trim().split(/[\s{,]/, 1)[0] ?? "", 24);
  const shown = text.length > limit ? text.slice(0, limit) : text;
  const lines = useColours(shown, name, !open && shown.length <= COLOURED);
  return (
    <figure className="c-code relative">
      {name === "" ? (
        <div className="c-copy absolute top-0.5 end-0.5 z-1 rounded-control bg-surface">
          <CopyButton text={text} label="Copy code" />
        </div>
      ) : (
        <figcaption className="flex min-h-8 items-center justify-between border-b border-line ps-3.5 pe-1 text-small text-muted">
          <span>{name}</span>
          <CopyButton text={text} label="Copy code" />
        </figcaption>
      )}
      <Scrollable label={`Code${name ? `, ${name}` : ""}`} className="max-h-[70vh]">
        <pre dir="ltr" className="w-max min-w-full">
          <code>{lines === null ? plainLines(shown) : <Coloured lines={lines} />}</code>
        </pre>
      </Scrollable>
      {text.length > limit && (
        <button type="button" className="c-more m-2" onClick={() => setLimit(limit * 8)}>
          Show more ({grouped(text.length - limit)} characters)
        </button>
      )}
    </figure>
  );
});

function Coloured({ lines }: { lines: ColouredLine[] }) {
  return lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
    <span key={row}>
      {line.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
        <span key={at} className={piece.kind ?? undefined}>
          {piece.text}
        </span>
      ))}
      {row < lines.length - 1 && "\n"}
    </span>
  ));
}

/** Colours come after the text is there; until then, and when there are none, the text stands alone. */
function useColours(text: string, language: string, wanted: boolean): ColouredLine[] | null {
  const [made, setMade] = useState(() => ({ text, lines: wanted ? highlighted(text, language) : null }));
  const missing = wanted && (made.lines === null || made.text !== text);
  useEffect(() => {
    if (!missing) return;
    let current = true;
    void highlight(text, language).then((lines) => {
      if (current && lines !== null) setMade({ text, lines });
    });
    return () => {
      current = false;
    };
  }, [text, language, missing]);
  return made.text === text ? made.lines : null;
}

/** Text shown as it is; very much of it is cut until a person wants more. */
import { useState } from "react";
import { plainLines } from "~/ui/plain.ts";
import { grouped } from "../ansi/lines.ts";

const FIRST = 8000;

export function LongText({ text, className = "" }: { text: string; className?: string }) {
  const [limit, setLimit] = useState(FIRST);
  const rest = text.length - limit;
  return (
    <div dir="auto" className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${className}`}>
      {plainLines(rest > 0 ? text.slice(0, limit) : text)}
      {rest > 0 && (
        <>
          {"… "}
          <button type="button" className="c-more" onClick={() => setLimit(limit * 8)}>
            Show more ({grouped(rest)} characters)
          </button>
        </>
      )}
    </div>
  );
}

/** The title, edited in place: a click, the menu or the palette begins; Enter keeps, Esc leaves it. */
import { useLayoutEffect, useRef, useState } from "react";
import { actions } from "../data/index.ts";
import { useLayout } from "./layout.ts";
import { useSessionTitle } from "./session-title-of.ts";

const LONGEST = 200;

export function SessionTitle({ sessionId }: { sessionId: string }) {
  const title = useSessionTitle(sessionId);
  const editing = useLayout((state) => state.renaming === sessionId);
  if (editing) return <Edit sessionId={sessionId} title={title} />;
  return (
    <h1 className="min-w-0 text-base leading-5 font-semibold">
      <button
        type="button"
        title="Rename"
        onClick={() => useLayout.setState({ renaming: sessionId })}
        className="block max-w-full truncate rounded text-left hover:underline hover:decoration-line-strong hover:underline-offset-4"
      >
        <bdi dir="auto">{title}</bdi>
      </button>
    </h1>
  );
}

function Edit({ sessionId, title }: { sessionId: string; title: string }) {
  const [text, setText] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  const left = useRef(false);
  // At once: what is typed next belongs into the field.
  useLayoutEffect(() => field.current?.select(), []);
  const finish = async (keep: boolean) => {
    if (left.current) return;
    left.current = true;
    const next = text.trim();
    if (keep && next && next !== title) await actions(sessionId).rename(next);
    useLayout.setState({ renaming: null });
  };
  return (
    <input
      ref={field}
      aria-label="Title of the session"
      value={text}
      maxLength={LONGEST}
      autoComplete="off"
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void finish(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") void finish(true);
        else if (event.key === "Escape") void finish(false);
        else return;
        event.preventDefault();
      }}
      className="block h-5 w-[min(30rem,50vw)] rounded border-0 bg-hover px-1 text-base leading-5 font-semibold"
    />
  );
}

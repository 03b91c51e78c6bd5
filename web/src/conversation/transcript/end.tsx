/** The last line of a turn: that it runs, what it took, why it failed and what can be done, or who stopped it. */
import type { Turn } from "@agent-coordinator/client";
import { CircleX } from "lucide-react";
import { useState } from "react";
import { Button, Elapsed, Money, plain, plainLines, span, Time } from "~/ui/index.ts";
import { useDesk } from "../desk.ts";
import { Scrollable } from "../scrollable.tsx";
import { useSource, useView } from "../source.ts";
import { attachmentsOf } from "./again.ts";
import { Person } from "./person.tsx";

interface EndProps {
  turn: Turn;
  last: boolean;
  waiting: boolean;
}

export function End({ turn, last, waiting }: EndProps) {
  if (turn.status === "running") return <Running turn={turn} waiting={waiting} />;
  if (turn.status === "failed") return <Failed turn={turn} last={last} />;
  return (
    <p className="flex flex-wrap items-center gap-x-2 pt-1.5 pb-1 text-small text-muted">
      {turn.status === "cancelled" ? <Cancelled turn={turn} /> : <span>Done{took(turn)}</span>}
      <Spent turn={turn} />
      {turn.endedAt !== null && <Time at={turn.endedAt} />}
    </p>
  );
}

function Running({ turn, waiting }: { turn: Turn; waiting: boolean }) {
  return (
    <p className="flex items-center gap-2 pt-1.5 pb-1 text-small text-muted">
      <span
        aria-hidden
        className={waiting ? "size-2 rounded-full bg-warn" : "size-2 animate-pulse rounded-full bg-accent"}
      />
      {waiting ? <span className="text-warn">Waits for your answer</span> : <span>Working</span>}
      {turn.startedAt !== null && <Elapsed since={turn.startedAt} />}
    </p>
  );
}

function took(turn: Turn): string {
  return turn.durationMs === null ? "" : ` in ${span(turn.durationMs)}`;
}

function Cancelled({ turn }: { turn: Turn }) {
  const words =
    turn.cause === "interrupted"
      ? "Stopped"
      : turn.cause === "archived"
        ? "Ended when the session was archived"
        : "Cancelled";
  return (
    <span>
      {words}
      {turn.cancelledBy !== null && (
        <>
          {" by "}
          <Person author={turn.cancelledBy} />
        </>
      )}
    </span>
  );
}

function Spent({ turn }: { turn: Turn }) {
  const { tokens } = turn;
  const total = tokens === null ? 0 : tokens.input + tokens.output;
  return (
    <>
      {tokens !== null && total > 0 && (
        <span
          title={`${tokens.input.toLocaleString("en-US")} in (${tokens.cached.toLocaleString("en-US")} cached), ${tokens.output.toLocaleString("en-US")} out`}
        >
          {total.toLocaleString("en-US")} tokens
        </span>
      )}
      {turn.costMicroUsd !== null && <Money microUsd={turn.costMicroUsd} />}
    </>
  );
}

function Failed({ turn, last }: { turn: Turn; last: boolean }) {
  const error = turn.error;
  return (
    <section
      aria-label="Failed turn"
      className="my-2 rounded-control border border-bad/40 bg-bad-soft px-3.5 py-3"
    >
      <div className="flex items-start gap-2">
        <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <p dir="auto" className="font-medium">
            {plain(error?.message ?? "The turn failed.", 1000)}
          </p>
          {error !== null && error.next_step !== "" && (
            <p dir="auto" className="mt-0.5">
              {plain(error.next_step, 1000)}
            </p>
          )}
          {error !== null && (
            <p className="mt-0.5 text-muted">{kept(error.code, `${error.message} ${error.next_step}`)}</p>
          )}
          {error?.detail && (
            <details className="mt-1.5">
              <summary className="w-fit text-small text-muted hover:text-text max-md:py-2">Details</summary>
              <Scrollable label="Details" className="c-screen mt-1 max-h-64">
                <pre>{plainLines(error.detail.slice(0, 20_000))}</pre>
              </Scrollable>
            </details>
          )}
          {last && <NextSteps turn={turn} />}
        </div>
      </div>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 ps-6 text-small text-muted">
        <span>Failed{turn.durationMs !== null && ` after ${span(turn.durationMs)}`}</span>
        <Spent turn={turn} />
        {turn.endedAt !== null && <Time at={turn.endedAt} />}
      </p>
    </section>
  );
}

/** What is still there; nothing when the error itself says so. */
function kept(code: string, said: string): string {
  if (/\bkept\b/i.test(said)) return "";
  if (/^(clone|checkout|repository)/.test(code))
    return "The conversation is kept; the workspace was not made yet.";
  if (code.startsWith("sandbox")) return "The conversation is kept, and the workspace as it was last saved.";
  return "The conversation and the workspace are kept.";
}

function NextSteps({ turn }: { turn: Turn }) {
  const { actions, attachmentUrl } = useSource();
  const desk = useDesk();
  const status = useView((snapshot) => snapshot.view.status);
  const [busy, setBusy] = useState(false);
  if (status === "archived") return null;
  const retry = async (): Promise<void> => {
    setBusy(true);
    const attachments = await attachmentsOf(turn, attachmentUrl);
    const options = turn.model === null ? {} : { model: turn.model };
    if (attachments !== null) {
      await actions.send(turn.text, attachments.length === 0 ? options : { ...options, attachments });
    }
    setBusy(false);
  };
  return (
    <div className="mt-2.5 flex flex-wrap gap-2">
      <Button size="small" variant="primary" busy={busy} onClick={() => void retry()}>
        Retry
      </Button>
      <Button size="small" onClick={() => desk.wish({ kind: "edit", text: turn.text })}>
        Edit
      </Button>
      <Button size="small" onClick={() => desk.wish({ kind: "pick model" })}>
        Change model
      </Button>
      {status === "hibernated" && (
        <Button size="small" onClick={() => void actions.wake()}>
          Wake
        </Button>
      )}
    </div>
  );
}

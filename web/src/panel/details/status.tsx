/** How the session stands, why, and what happens next if nobody does anything. */
import type { SessionStatus, Why } from "@agent-coordinator/client";
import { Plain, plain, StateMark, span, useNow } from "~/ui/index.ts";
import { Section } from "./section.tsx";
import { nextStep } from "./steps.ts";

export function Status({ status, why }: { status: SessionStatus; why: Why | null }) {
  return (
    <Section title="Status">
      <StateMark status={status} withWord className="text-[13px]" />
      {why && (
        <>
          <p className="mt-1">
            <Plain text={why.message} />
          </p>
          {why.next_step && (
            <p className="mt-1 text-muted">
              {plain(nextStep(why.next_step), 200)}
              {why.deadline ? <Countdown at={why.deadline} /> : "."}
            </p>
          )}
        </>
      )}
    </Section>
  );
}

function Countdown({ at }: { at: string }) {
  const now = useNow("second");
  const left = Date.parse(at) - now;
  if (Number.isNaN(left)) return ".";
  const exact = new Date(at).toLocaleTimeString();
  if (left <= 0) return <time dateTime={at}> now (it was due at {exact}).</time>;
  return (
    <>
      {" "}
      in{" "}
      <time dateTime={at} title={exact}>
        {left < 60_000 ? `${Math.ceil(left / 1000)} s` : span(left)}
      </time>{" "}
      if nothing happens.
    </>
  );
}

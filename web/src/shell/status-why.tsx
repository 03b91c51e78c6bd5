/** How a session stands, in a word; why, and what happens next, when one asks. */
import type { SessionStatus, Why } from "@agent-coordinator/client";
import { Popover } from "radix-ui";
import { plain, StateMark, statusWord, Time } from "../ui/index.ts";

export interface StatusWhyProps {
  status: SessionStatus;
  why: Why | { cause: string; message: string } | null;
}

export function StatusWhy({ status, why }: StatusWhyProps) {
  if (!why) return <StateMark status={status} withWord />;
  const full = "actor" in why ? why : null;
  return (
    <Popover.Root>
      <Popover.Trigger className="flex min-w-0 items-center gap-1.5 rounded hover:text-text">
        <StateMark status={status} withWord />
        <span className="hidden min-w-0 truncate sm:block">
          {withoutWord(plain(why.message, 200), status)}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Why the session is in this state"
          className="z-50 w-88 max-w-[calc(100vw-1rem)] rounded-control border border-line-strong bg-raised p-3 text-[13px] [overflow-wrap:anywhere]"
        >
          <StateMark status={status} withWord />
          <p className="mt-1">{plain(why.message, 1000)}</p>
          {full?.next_step && <p className="mt-2">{plain(full.next_step, 1000)}</p>}
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-small text-muted">
            <dt>Cause</dt>
            <dd>
              <code>{plain(why.cause, 100)}</code>
            </dd>
            {full && (
              <>
                <dt>By</dt>
                <dd>{plain(full.actor, 100)}</dd>
              </>
            )}
            {full?.deadline && (
              <>
                <dt>Until</dt>
                <dd>
                  <Deadline at={full.deadline} />
                </dd>
              </>
            )}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** "Asleep: wakes when you write" beside the word "Asleep" needs it once. */
function withoutWord(message: string, status: SessionStatus): string {
  const word = `${statusWord(status)}: `;
  return message.startsWith(word) ? message.slice(word.length) : message;
}

function Deadline({ at }: { at: string }) {
  const time = Date.parse(at);
  if (time <= Date.now()) return <Time at={at} />;
  return (
    <time dateTime={at}>
      {new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}
    </time>
  );
}

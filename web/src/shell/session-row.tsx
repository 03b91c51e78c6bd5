/** One session in the rail: title and age, state, repository and cost. Always two lines, so that nothing moves. */
import type { SessionSummary } from "@agent-coordinator/client";
import { Link } from "@tanstack/react-router";
import { cx, Money, plain, repositoryName, StateMark, Time } from "../ui/index.ts";
import { sessionTitle } from "./session-title-of.ts";

export interface SessionRowProps {
  session: SessionSummary;
  onOpen?: () => void;
}

export function SessionRow({ session, onOpen }: SessionRowProps) {
  const waits = asked(session);
  return (
    <Link
      to="/sessions/$id"
      params={{ id: session.id }}
      {...(onOpen ? { onClick: onOpen } : {})}
      data-session={session.id}
      className={cx(
        "group relative block rounded-control px-2 py-1.5 outline-offset-[-2px] hover:bg-hover",
        "aria-[current=page]:bg-accent-soft",
      )}
    >
      <span className="flex items-center gap-2">
        <StateMark status={session.status} />
        <bdi dir="auto" className="min-w-0 flex-1 truncate font-medium group-aria-[current=page]:text-text">
          {sessionTitle(session.title)}
        </bdi>
        <Time at={session.updated_at} short className="shrink-0 text-small text-muted" />
      </span>
      <span className="flex items-center gap-2 pl-[22px] text-small text-muted">
        <span className="min-w-0 flex-1 truncate">
          {waits ? (
            <span className={session.status === "failed" ? "text-bad" : "text-warn"}>{waits}</span>
          ) : session.repository ? (
            <bdi dir="auto">{plain(repositoryName(session.repository.url), 80)}</bdi>
          ) : (
            <bdi dir="auto">{plain(session.agent, 80)}</bdi>
          )}
        </span>
        {session.queued > 0 && <span className="shrink-0">+{session.queued} queued</span>}
        <Money microUsd={session.cost_micro_usd} className="shrink-0" />
      </span>
    </Link>
  );
}

/** What a person is asked for, in a few words; null when nothing. */
function asked(session: SessionSummary): string | null {
  const { permissions, questions } = session.pending;
  if (permissions > 0)
    return permissions === 1 ? "Asks for permission" : `Asks for ${permissions} permissions`;
  if (questions > 0) return questions === 1 ? "Has a question" : `Has ${questions} questions`;
  return session.status === "failed" ? plain(session.why.message, 120) : null;
}

/** The left rail: whose organisation, a new session, search, and every session by what it needs. */
import { Link } from "@tanstack/react-router";
import { Plus, Search } from "lucide-react";
import { useMemo, useRef } from "react";
import { useAnySession, useSessions, useSessionsFollowed } from "../data/index.ts";
import { Button, buttonClass, cx, EmptyState, ErrorNote, Kbd, Skeleton, useNow } from "../ui/index.ts";
import { grouped, needsYou } from "./groups.ts";
import { useLayout } from "./layout.ts";
import { OrganisationMenu } from "./organisation-menu.tsx";
import { PasswordHint } from "./password-hint.tsx";
import { SessionRow } from "./session-row.tsx";
import { useShortcut } from "./shortcuts.ts";
import { useWaitingCount } from "./title.ts";
import { UserMenu } from "./user-menu.tsx";

/** Keeps the list fresh and counts what waits, for the tab's title, whether or not the rail is in sight. */
export function useNeedsYou(): number {
  const { sessions } = useSessionsFollowed();
  const now = useNow();
  const waiting = sessions.filter((session) => needsYou(session, now)).length;
  useWaitingCount(waiting);
  return waiting;
}

export function Rail({ onNavigate }: { onNavigate?: () => void }) {
  const list = useRef<HTMLElement>(null);
  useShortcut("j", "Next session", () => step(list.current, 1), { group: "Sessions" });
  useShortcut("k", "Previous session", () => step(list.current, -1), { group: "Sessions" });
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface text-[13px]">
      <div className="flex h-12 shrink-0 items-center px-2">
        <OrganisationMenu {...(onNavigate ? { onNavigate } : {})} />
      </div>
      <div className="flex shrink-0 flex-col gap-1.5 px-2 pb-2">
        <Link
          to="/new"
          onClick={() => onNavigate?.()}
          className={cx(buttonClass("secondary"), "justify-start!")}
        >
          <Plus aria-hidden className="size-4 text-muted" />
          <span className="flex-1">New session</span>
          <span aria-hidden className="pointer-coarse:hidden">
            <Kbd keys="n" />
          </span>
        </Link>
        <Button
          variant="ghost"
          className="justify-start! [&>span]:flex-1"
          onClick={() => {
            onNavigate?.();
            useLayout.setState({ palette: true });
          }}
        >
          <Search aria-hidden className="size-4" />
          <span className="flex-1 text-left font-normal">Search</span>
          <span aria-hidden className="pointer-coarse:hidden">
            <Kbd keys="Mod+K" />
          </span>
        </Button>
      </div>
      <nav
        ref={list}
        aria-label="Sessions"
        className="min-h-0 flex-1 overflow-y-auto pr-0 pb-3 pl-2 pointer-coarse:pr-2 [scrollbar-gutter:stable] [scrollbar-width:thin]"
      >
        <Sessions {...(onNavigate ? { onNavigate } : {})} />
      </nav>
      <PasswordHint {...(onNavigate ? { onNavigate } : {})} />
      <div className="shrink-0 border-t border-line p-2">
        <UserMenu {...(onNavigate ? { onNavigate } : {})} />
      </div>
    </div>
  );
}

function Sessions({ onNavigate }: { onNavigate?: () => void }) {
  const { sessions, isPending, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useSessions();
  const now = useNow();
  const groups = useMemo(() => grouped(sessions, now), [sessions, now]);
  const any = useAnySession(!isPending && !error && sessions.length === 0);
  if (isPending) return <Waiting />;
  if (error && sessions.length === 0) {
    return (
      <ErrorNote
        error={error}
        action={
          <Button size="small" onClick={() => void refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (sessions.length === 0) {
    // Nothing is said before it is known which of the two it is.
    if (any === undefined) return null;
    if (any) return <EmptyState title="No open sessions">Search finds the archived ones.</EmptyState>;
    return <EmptyState title="No sessions yet">The first one will be listed here.</EmptyState>;
  }
  return (
    <>
      {groups.map((group) => (
        <section key={group.name} aria-label={group.name} className="pt-2">
          <h2
            className={cx(
              "flex gap-1.5 px-2 pb-1 text-small font-medium",
              group.name === "needs you" ? "text-warn" : "text-muted",
            )}
          >
            <span className="first-letter:uppercase">{group.name}</span>
            {group.name !== "earlier" && <span className="font-normal">{group.sessions.length}</span>}
          </h2>
          <ul>
            {group.sessions.map((session) => (
              <li key={session.id}>
                <SessionRow session={session} {...(onNavigate ? { onOpen: onNavigate } : {})} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && (
        <Button
          variant="ghost"
          size="small"
          className="mt-2 w-full"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show older sessions
        </Button>
      )}
    </>
  );
}

function Waiting() {
  return (
    <div className="flex flex-col gap-4 px-2 pt-4" role="status">
      <span className="sr-only">Loading sessions</span>
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="flex flex-col gap-1.5">
          <Skeleton className="h-3.5 w-4/5" />
          <Skeleton className="h-3 w-2/5" />
        </div>
      ))}
    </div>
  );
}

/** Moves the focus to the next row, from the focused one or from the one that is open. Enter opens it. */
function step(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("a[data-session]") ?? [])];
  const focused = rows.indexOf(document.activeElement as HTMLElement);
  const from = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "page");
  const to = from < 0 ? (by === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, from + by));
  const row = rows[to];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

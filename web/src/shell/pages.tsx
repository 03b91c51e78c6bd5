/** Pages for what isn't there or went wrong, each with the next step. */
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Button, buttonClass, EmptyState, ErrorNote } from "../ui/index.ts";
import { usePageTitle } from "./title.ts";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <Middle>
      <EmptyState
        title={<h1>There is nothing at this address</h1>}
        action={
          <>
            <Link to="/" className={buttonClass("secondary")}>
              Go to the start
            </Link>
            <Link to="/new" className={buttonClass("primary")}>
              New session
            </Link>
          </>
        }
      >
        The link may be old, or a letter is missing.
      </EmptyState>
    </Middle>
  );
}

export function SessionGone({ deleted }: { deleted: boolean }) {
  usePageTitle("Session not found");
  return (
    <Middle>
      <EmptyState
        title={<h1>{deleted ? "This session was deleted" : "This session isn't here"}</h1>}
        action={
          <>
            <Link to="/" className={buttonClass("secondary")}>
              Go to the start
            </Link>
            <Link to="/new" className={buttonClass("primary")}>
              New session
            </Link>
          </>
        }
      >
        {deleted
          ? "Somebody deleted it just now, with its conversation and its files."
          : "It was deleted, or it belongs to another organisation than the one you are in."}
      </EmptyState>
    </Middle>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Middle>
      <div className="mx-auto w-full max-w-md px-6">
        <ErrorNote
          error={error}
          action={
            <>
              <Button size="small" onClick={again}>
                Try again
              </Button>
              <Button size="small" onClick={() => location.reload()}>
                Reload the page
              </Button>
            </>
          }
        />
      </div>
    </Middle>
  );
}

function Middle({ children }: { children: React.ReactNode }) {
  return <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto py-10">{children}</div>;
}

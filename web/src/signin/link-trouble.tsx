/** Why a link did not sign in, and how to get another. */
import { CoordinatorError } from "@agent-coordinator/client";
import { Button, CopyButton, ErrorNote } from "../ui/index.ts";

const COMMAND = [
  "coordinator bootstrap --sign-in-link \\",
  "  --data-dir DIR --org NAME \\",
  "  --email YOU@EXAMPLE.ORG",
].join("\n");

export function LinkTrouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!(error instanceof CoordinatorError) || error.code !== "link_expired") {
    return (
      <ErrorNote
        error={error}
        action={
          <Button size="small" onClick={onRetry}>
            Try the link again
          </Button>
        }
      />
    );
  }
  return (
    <div role="alert" className="rounded-control border border-warn/50 bg-warn-soft px-3 py-2.5">
      <p className="font-medium">This link does not work any more</p>
      <p className="mt-0.5">
        A link signs in once, within a day. It was used, is too old, or a part of it was lost when it was
        copied.
      </p>
      <p className="mt-2">Sign in with your password below, or ask whoever runs the server for a new link:</p>
      <div className="mt-1.5 flex items-start gap-1 rounded border border-line bg-bg py-1 pr-1 pl-2">
        <pre className="min-w-0 flex-1 overflow-x-auto py-0.5 text-small">{COMMAND}</pre>
        <CopyButton text={COMMAND} label="Copy the command" />
      </div>
    </div>
  );
}

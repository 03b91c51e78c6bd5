/** How somebody who doesn't trust this server checks its log. */
import { CopyButton } from "~/ui/index.ts";

export function Verification() {
  return (
    <details className="rounded-control border border-line px-3.5 py-2.5">
      <summary className="w-fit rounded font-medium">Verify it offline</summary>
      <div className="mt-2 flex flex-col gap-2.5 text-pretty">
        <p className="text-muted">
          Each record's hash covers the one before it, and the server signs the chain at least once an hour.
          Whoever has the public key can check an export without this server.
        </p>
        <Step
          about="Once, on the server: print the public key, and keep it elsewhere."
          command="coordinator audit key --data-dir DIR"
        />
        <Step
          about="Export the chain (NDJSON), above or with an API key."
          command="coordinator audit export --output audit.ndjson"
        />
        <Step
          about="Check it, on any machine. It names the first record that does not hold."
          command="coordinator audit verify --file audit.ndjson --public-key HEX"
        />
        <p className="text-muted">
          Keep exports where the server can't write: a later one has to begin with the same lines, which shows
          also whether an end was cut off.
        </p>
      </div>
    </details>
  );
}

function Step({ about, command }: { about: string; command: string }) {
  return (
    <div>
      <p>{about}</p>
      <div className="mt-1 flex items-center gap-2 rounded-control bg-surface px-2.5 py-1">
        <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{command}</code>
        <CopyButton text={command} label="Copy command" />
      </div>
    </div>
  );
}

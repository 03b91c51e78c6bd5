/** What the live test of a key found. */
import type { ModelProviderTest } from "@agent-coordinator/client";
import { CircleCheck, CircleX } from "lucide-react";
import { count, cx, Plain, span } from "~/ui/index.ts";

export function TestResult({ result }: { result: ModelProviderTest }) {
  const Icon = result.ok ? CircleCheck : CircleX;
  return (
    <div
      role="status"
      className={cx(
        "flex gap-2.5 rounded-control border border-line px-3 py-2",
        result.ok ? "bg-ok-soft" : "bg-bad-soft",
      )}
    >
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", result.ok ? "text-ok" : "text-bad")} />
      <div className="min-w-0">
        <Plain text={result.message} limit={600} />
        <p className="text-small text-muted">
          {result.upstream_status ? `Status ${result.upstream_status}, ` : ""}
          {span(result.duration_ms)}
          {result.models.length > 0 &&
            `, ${count(result.models.length)} ${result.models.length === 1 ? "model" : "models"} listed`}
        </p>
      </div>
    </div>
  );
}

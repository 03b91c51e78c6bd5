/** What runs before the agent: nothing, the detected commands (editable), or an environment. Nothing unasked. */
import type { EnvironmentPlan } from "@agent-coordinator/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { coordinator, useEnvironments } from "~/data/index.ts";
import { Badge, Button, explain, Field, Plain, Select, Spinner, Textarea } from "~/ui/index.ts";
import { isAddress, type SessionDraft, withPlan } from "./draft.ts";

/** Typing has ended when nothing was typed for this long. */
const SETTLED_MS = 700;

export interface SetUpProps {
  draft: SessionDraft;
  onChange: (part: Partial<SessionDraft>) => void;
}

export function SetUp({ draft, onChange }: SetUpProps) {
  const wanted = isAddress(draft.url)
    ? `${draft.url.trim()}\n${draft.ref.trim()}\n${draft.token.trim()}`
    : "";
  const settled = useSettled(wanted);
  const plan = usePlan(settled);
  const environments = useEnvironments();
  const found = plan.data;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plan is taken in once, when it comes
  useEffect(() => {
    if (found) onChange(withPlan(draft, found));
  }, [found]);
  if (!wanted) return null;

  const fitting = (environments.data?.items ?? []).filter(
    ({ repository }) => !repository || sameRepository(repository.url, draft.url),
  );
  const options = [
    { value: "none", label: "Nothing: the agent sets up what it needs" },
    { value: "commands", label: "These commands, before the agent starts" },
    ...fitting.map(({ id, name }) => ({ value: id, label: `Environment “${name}”` })),
  ];
  return (
    <section
      aria-label="Set-up"
      className="flex flex-col gap-3 rounded-control border border-line px-3.5 py-3"
    >
      <div aria-live="polite">
        {plan.isFetching ? (
          <p className="flex items-center gap-2 text-muted">
            <Spinner /> Looking at the repository, inside a sandbox
          </p>
        ) : plan.error ? (
          <Unreadable error={plan.error} onRetry={() => void plan.refetch()} />
        ) : found ? (
          <Found plan={found} />
        ) : null}
      </div>
      <Field label="Set-up">
        {(tie) => (
          <Select {...tie} value={draft.setUp} onChange={(setUp) => onChange({ setUp })} options={options} />
        )}
      </Field>
      {draft.setUp === "commands" && (
        <Textarea
          aria-label="Set-up commands"
          rows={Math.min(8, Math.max(2, draft.commands.split("\n").length))}
          spellCheck={false}
          className="font-mono"
          placeholder="One command a line"
          value={draft.commands}
          onChange={(e) => onChange({ commands: e.target.value })}
        />
      )}
    </section>
  );
}

function Found({ plan }: { plan: EnvironmentPlan }) {
  if (!plan.package_manager && !plan.install.length && !plan.test.length) {
    return (
      <p className="text-muted">
        Nothing recognised among {plan.files_scanned} files. The agent can still find out by itself.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center gap-1.5">
        <span className="font-medium">Detected</span>
        {plan.package_manager && <Badge tone="accent">{plan.package_manager}</Badge>}
        {plan.runtimes.map(({ name, version }) => (
          <Badge key={`${name} ${version}`}>
            <Plain text={version ? `${name} ${version}` : name} limit={60} />
          </Badge>
        ))}
      </p>
      <Commands label="Install" lines={plan.install} />
      <Commands label="Test" lines={plan.test} />
      <Commands label="Start" lines={plan.start} />
      {plan.evidence.length > 0 && (
        <details>
          <summary className="cursor-pointer text-small text-muted hover:text-text">
            Why: {plan.evidence.length} {plan.evidence.length === 1 ? "reason" : "reasons"} in{" "}
            {plan.files_scanned} files
          </summary>
          <ul className="mt-1 flex flex-col gap-0.5 text-small text-muted">
            {plan.evidence.slice(0, 40).map(({ file, because }) => (
              <li key={`${file} ${because}`}>
                <code>
                  <Plain text={file} limit={200} />
                </code>{" "}
                <Plain text={because} limit={300} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Commands({ label, lines }: { label: string; lines: readonly string[] }) {
  if (!lines.length) return null;
  return (
    <p className="flex gap-2 text-small">
      <span className="w-10 shrink-0 text-muted">{label}</span>
      <code className="min-w-0 text-text">
        <Plain text={lines.join(" && ")} limit={400} />
      </code>
    </p>
  );
}

function Unreadable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, detail, next } = explain(error);
  return (
    <div role="alert" className="flex flex-wrap items-start gap-3">
      <p className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        <span className="font-medium text-bad">{title}.</span> {detail} {next}
      </p>
      <Button size="small" onClick={onRetry}>
        Look again
      </Button>
    </div>
  );
}

/** The plan of a repository; asked for once for each address. */
function usePlan(settled: string) {
  const [url = "", ref, token] = settled.split("\n");
  return useQuery({
    queryKey: ["plan", settled],
    enabled: url !== "",
    staleTime: 300_000,
    queryFn: ({ signal }) =>
      coordinator.environments.detect(
        { url, ...(ref ? { ref } : {}), ...(token ? { token } : {}) },
        { signal },
      ),
  });
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function sameRepository(one: string, other: string): boolean {
  const bare = (url: string) =>
    url
      .trim()
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .toLowerCase();
  return bare(one) === bare(other);
}

/** The repository: its address, and behind a fold the branch and a token for a private one. */
import { useId, useMemo } from "react";
import { useSessions } from "~/data/index.ts";
import { Field, Input } from "~/ui/index.ts";
import type { SessionDraft } from "./draft.ts";

const RECENT = 8;

export interface RepositoryFieldProps {
  draft: SessionDraft;
  onChange: (part: Partial<SessionDraft>) => void;
  error: string | null;
}

export function RepositoryField({ draft, onChange, error }: RepositoryFieldProps) {
  const id = useId();
  const { sessions } = useSessions();
  const recent = useMemo(
    () =>
      [...new Set(sessions.flatMap(({ repository }) => (repository ? [repository.url] : [])))].slice(
        0,
        RECENT,
      ),
    [sessions],
  );
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Repository"
        optional
        error={error}
        hint="Cloned into the sandbox. Without one the agent starts in an empty folder."
      >
        {(tie) => (
          <Input
            {...tie}
            type="url"
            inputMode="url"
            list={`${id}-recent`}
            spellCheck={false}
            autoComplete="off"
            placeholder="https://github.com/owner/name.git"
            value={draft.url}
            onChange={(e) => onChange({ url: e.target.value })}
          />
        )}
      </Field>
      <datalist id={`${id}-recent`}>
        {recent.map((url) => (
          <option key={url} value={url} />
        ))}
      </datalist>
      {draft.url.trim() && (
        <details className="group">
          <summary className="w-fit cursor-pointer py-1 text-muted hover:text-text">
            Branch and access
          </summary>
          <div className="mt-2 grid gap-3 sm:grid-cols-2">
            <Field label="Branch, tag or commit" optional hint="The default branch when empty.">
              {(tie) => (
                <Input
                  {...tie}
                  spellCheck={false}
                  value={draft.ref}
                  onChange={(e) => onChange({ ref: e.target.value })}
                />
              )}
            </Field>
            <Field
              label="Access token"
              optional
              hint="For a private repository: sealed, used for its host alone, deleted with the session."
            >
              {(tie) => (
                <Input
                  {...tie}
                  type="password"
                  autoComplete="off"
                  data-1p-ignore
                  value={draft.token}
                  onChange={(e) => onChange({ token: e.target.value })}
                />
              )}
            </Field>
          </div>
        </details>
      )}
    </div>
  );
}

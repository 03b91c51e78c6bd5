/** Takes a secret in, or puts another value in its place. What is typed is covered, and forgotten with the form. */
import type { Environment, SecretInfo, SecretPhase } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, cx, Dialog, ErrorNote, Field, Input, plain, Select, Textarea } from "~/ui/index.ts";
import { Choice } from "../Choice.tsx";
import { nameError, PHASES, valueError } from "./check.ts";

const ORGANISATION = "organisation";

export interface SecretFormProps {
  existing?: SecretInfo;
  environments: readonly Environment[];
  onClose: () => void;
}

export function SecretForm({ existing, environments, onClose }: SecretFormProps) {
  const [name, setName] = useState(existing?.name ?? "");
  const [value, setValue] = useState("");
  const [scope, setScope] = useState(ORGANISATION);
  const [phase, setPhase] = useState<SecretPhase>(existing?.phase ?? "setup");
  const [tried, setTried] = useState(false);
  const problems = {
    name: nameError(name.trim()),
    // Left empty, the value stays.
    value: existing && value === "" ? null : valueError(value),
  };
  const save = useMutation({
    mutationFn: () =>
      existing
        ? coordinator.secrets.update(existing.id, { phase, ...(value ? { value } : {}) })
        : coordinator.secrets.create({
            name: name.trim(),
            value,
            phase,
            scope: scope === ORGANISATION ? ORGANISATION : { environment_id: scope },
          }),
    // The form's own copy goes with the form; that of the request must not stay behind.
    gcTime: 0,
    onSuccess: () => {
      refresh(keys.secrets);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!problems.name && !problems.value) save.mutate();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={existing ? `Replace ${plain(existing.name, 80)}` : "New secret"}
      description={
        existing ? "Sandboxes that run keep what they were given; the next one gets what is new." : undefined
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4" autoComplete="off">
        {!existing && (
          <Field label="Name" error={tried ? problems.name : null} hint="Of the environment variable.">
            {(tie) => (
              <Input
                {...tie}
                className="font-mono"
                spellCheck={false}
                autoCapitalize="characters"
                placeholder="NPM_TOKEN"
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
        )}
        <Value
          value={value}
          onChange={setValue}
          error={tried ? problems.value : null}
          optional={Boolean(existing)}
        />
        {!existing && (
          <Field
            label="For"
            hint="One of an environment wins over one of the organisation with the same name."
          >
            {(tie) => (
              <Select
                {...tie}
                value={scope}
                onChange={setScope}
                options={[
                  { value: ORGANISATION, label: "Every session of the organisation" },
                  ...environments.map((environment) => ({
                    value: environment.id,
                    label: `Sessions with ${plain(environment.name, 60)}`,
                  })),
                ]}
              />
            )}
          </Field>
        )}
        <Choice beside legend="Delivered to" value={phase} onChange={setPhase} options={PHASES} />
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            busy={save.isPending}
            disabled={Boolean(existing) && value === "" && phase === existing?.phase}
          >
            {existing ? "Save" : "Add secret"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ValueProps {
  value: string;
  onChange: (value: string) => void;
  error: string | null;
  optional: boolean;
}

/** Several lines are fine, so it is no password field; it is covered like one. */
function Value({ value, onChange, error, optional }: ValueProps) {
  const [bare, setBare] = useState(false);
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label={optional ? "New value" : "Value"}
        error={error}
        hint={optional ? "Left empty, it stays as it is." : "6 bytes to 16 KiB; several lines are fine."}
      >
        {(tie) => (
          <Textarea
            {...tie}
            rows={3}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            data-1p-ignore
            className={cx("font-mono", !bare && "[-webkit-text-security:disc]")}
            value={value}
            onChange={(e) => onChange(e.target.value)}
          />
        )}
      </Field>
      <label className="flex w-fit items-center gap-2 text-small text-muted pointer-coarse:min-h-10">
        <input
          type="checkbox"
          className="accent-(--accent)"
          checked={bare}
          onChange={(e) => setBare(e.target.checked)}
        />
        Show what I type
      </label>
    </div>
  );
}

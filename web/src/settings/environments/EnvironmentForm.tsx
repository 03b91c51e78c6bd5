/** Makes an environment, or changes one. */
import type { Environment } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, Dialog, ErrorNote, Field, Input, Textarea } from "~/ui/index.ts";

export function EnvironmentForm({ existing, onClose }: { existing?: Environment; onClose: () => void }) {
  const [name, setName] = useState(existing?.name ?? "");
  const [url, setUrl] = useState(existing?.repository?.url ?? "");
  const [setup, setSetup] = useState(existing?.setup.join("\n") ?? "");
  const repository = url.trim()
    ? { url: url.trim(), ...(existing?.repository?.ref ? { ref: existing.repository.ref } : {}) }
    : null;
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), setup: commandLines(setup) };
      return existing
        ? coordinator.environments.update(existing.id, { ...body, repository })
        : coordinator.environments.create({ ...body, ...(repository ? { repository } : {}) });
    },
    onSuccess: () => {
      refresh(keys.environments);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={existing ? "Change environment" : "New environment"}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name">
          {(tie) => (
            <Input {...tie} value={name} required maxLength={100} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <Field label="Repository" optional hint="Offered when a session starts on this repository.">
          {(tie) => (
            <Input
              {...tie}
              type="url"
              spellCheck={false}
              value={url}
              onChange={(e) => setUrl(e.target.value)}
            />
          )}
        </Field>
        <Field
          label="Set-up commands"
          hint="One a line, run in order in the workspace; the first that fails ends it."
        >
          {(tie) => (
            <Textarea
              {...tie}
              rows={5}
              spellCheck={false}
              className="font-mono"
              placeholder="npm ci"
              value={setup}
              onChange={(e) => setSetup(e.target.value)}
            />
          )}
        </Field>
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={save.isPending} disabled={!name.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One command a line; empty lines say nothing. */
export function commandLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

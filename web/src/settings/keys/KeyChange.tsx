/** Renames a key, narrows it, slows it down. Its text stays, and so do its user and its end. */
import type { ApiKeyInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, Dialog, ErrorNote, Field, Input } from "~/ui/index.ts";
import { Scopes } from "./Scopes.tsx";
import { knownScopes, narrower, rateError, type Scope } from "./state.ts";

export function KeyChange({ item, onClose }: { item: ApiKeyInfo; onClose: () => void }) {
  const [name, setName] = useState(item.name);
  const [scopes, setScopes] = useState<Scope[]>(knownScopes(item.scopes));
  const [rate, setRate] = useState(item.rate_per_s ? String(item.rate_per_s) : "");
  const wrongRate = rateError(rate);
  // Without any scope it would be able to do more than now.
  const none = item.scopes.length > 0 && scopes.length === 0;
  const save = useMutation({
    mutationFn: () =>
      coordinator.apiKeys.update(item.id, {
        name: name.trim(),
        ...(sameScopes(scopes, item.scopes) ? {} : { scopes }),
        rate_per_s: rate.trim() ? Number(rate) : null,
      }),
    onSuccess: () => {
      refresh(keys.apiKeys);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !wrongRate && !none) save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Change the API key"
      description="Whatever uses it goes on using the same text."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name">
          {(tie) => (
            <Input {...tie} value={name} maxLength={100} required onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <Scopes
          value={scopes}
          onChange={setScopes}
          offered={narrower(item)}
          hint={
            item.scopes.length
              ? "A key can be narrowed, not widened."
              : "It may do everything now. Choose some to limit it to these."
          }
        />
        {none && (
          <p role="alert" className="text-small text-bad">
            Keep at least one: without any the key could do everything.
          </p>
        )}
        <Field
          label="Requests a second"
          optional
          error={wrongRate}
          hint="A limit of its own, besides the organisation's."
        >
          {(tie) => (
            <Input
              {...tie}
              inputMode="numeric"
              className="max-w-40"
              value={rate}
              onChange={(e) => setRate(e.target.value)}
            />
          )}
        </Field>
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            busy={save.isPending}
            disabled={!name.trim() || Boolean(wrongRate) || none}
          >
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function sameScopes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((scope) => other.includes(scope));
}

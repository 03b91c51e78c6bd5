/** Asks for the deletion, with the slug typed as a sign that this one is meant. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator } from "~/data/index.ts";
import { refreshStanding } from "~/data/organisation.ts";
import { Button, Dialog, ErrorNote, Field, Input, plain } from "~/ui/index.ts";
import type { EndingProps } from "./Endings.tsx";

export function Deletion({ organisation, onClose }: EndingProps) {
  const [typed, setTyped] = useState("");
  const meant = typed.trim() === organisation.slug;
  const remove = useMutation({
    mutationFn: () => coordinator.orgs.delete(organisation.id),
    onSuccess: async () => {
      await refreshStanding();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (meant) remove.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${plain(organisation.name, 80)}?`}
      description="From now on it can only be read and exported. After the time of grace its members, keys, secrets, sessions, runs and audit log are erased, and nothing brings them back."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label={
            <>
              Type <code className="select-all">{plain(organisation.slug, 63)}</code> to be sure
            </>
          }
        >
          {(tie) => (
            <Input
              {...tie}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={typed}
              onChange={(e) => setTyped(e.target.value)}
            />
          )}
        </Field>
        {remove.error && <ErrorNote error={remove.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" busy={remove.isPending} disabled={!meant}>
            Delete organisation
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

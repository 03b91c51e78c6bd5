/** Puts a new key in the place of another, and lets both work for a while. */
import type { ApiKeyInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, Dialog, ErrorNote, Field, plain, Select } from "~/ui/index.ts";
import { ShownOnce } from "../ShownOnce.tsx";
import { When } from "../When.tsx";
import { OVERLAPS } from "./state.ts";

export function KeyRotation({ item, onClose }: { item: ApiKeyInfo; onClose: () => void }) {
  const [overlap, setOverlap] = useState<string>("86400");
  const rotate = useMutation({
    mutationFn: () => coordinator.apiKeys.rotate(item.id, { overlap_s: Number(overlap) }),
  });
  // The list has another row for this key afterwards, and this dialog stands in it: it is asked when it closes.
  const done = () => {
    if (rotate.data) refresh(keys.apiKeys);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  if (rotate.data) {
    return (
      <ShownOnce
        title="The new API key"
        about="Copy it now: it is kept as a hash only and can't be shown again."
        secret={rotate.data.key}
        copy="Copy key"
        onClose={done}
      >
        {rotate.data.replaced_expires_at && overlap !== "0" && (
          <p>
            The old key works until <When at={rotate.data.replaced_expires_at} />. When it was used last shows
            whether something still needs it.
          </p>
        )}
      </ShownOnce>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate ${plain(item.name, 80)}`}
      description="Makes a key with the same name, scopes and limits. A key can be replaced once."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="The old key goes on working for" hint="Never longer than it would have worked anyway.">
          {(tie) => <Select {...tie} value={overlap} onChange={setOverlap} options={[...OVERLAPS]} />}
        </Field>
        {rotate.error && <ErrorNote error={rotate.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={rotate.isPending}>
            Make the new key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

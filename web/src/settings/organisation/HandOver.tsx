/** Makes another member an owner, and oneself an admin. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { refreshStanding, useMembers } from "~/data/organisation.ts";
import { Button, Combobox, Dialog, ErrorNote, Field, plain, toast } from "~/ui/index.ts";
import type { EndingProps } from "./Endings.tsx";

export function HandOver({ organisation, standing, onClose }: EndingProps) {
  const [to, setTo] = useState<string | null>(null);
  const others = useMembers().data?.filter(({ user_id }) => user_id !== standing.user) ?? [];
  const handOver = useMutation({
    mutationFn: (user: string) => coordinator.orgs.transfer(organisation.id, user),
    onSuccess: async () => {
      await refreshStanding();
      refresh(keys.apiKeys);
      toast.ok("Handed over: you are an admin now");
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (to) handOver.mutate(to);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Hand ${plain(organisation.name, 80)} over`}
      description="You become an admin in the same step. Only the new owner can give it back."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="New owner">
          {(tie) => (
            <Combobox
              id={tie.id}
              label="New owner"
              className="w-full"
              value={to}
              onChange={setTo}
              placeholder="Choose a member"
              options={others.map(({ user_id, email, role }) => ({
                value: user_id,
                label: plain(email, 120),
                hint: role,
              }))}
            />
          )}
        </Field>
        {handOver.error && <ErrorNote error={handOver.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" busy={handOver.isPending} disabled={to === null}>
            Hand over
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

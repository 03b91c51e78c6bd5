/** Makes a service account, or gives one another name or role. */
import type { Role, ServiceAccount } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import type { Standing } from "~/data/organisation.ts";
import { Button, Dialog, ErrorNote, Field, Input, Select } from "~/ui/index.ts";
import { roleChoices } from "../members/rules.ts";

export interface AccountFormProps {
  existing?: ServiceAccount;
  standing: Standing;
  onClose: () => void;
}

export function AccountForm({ existing, standing, onClose }: AccountFormProps) {
  const [name, setName] = useState(existing?.name ?? "");
  const [role, setRole] = useState<Role>((existing?.role as Role | undefined) ?? "member");
  const save = useMutation({
    mutationFn: () => {
      // A program owns nothing; the choice below has no owner either.
      const body = { name: name.trim(), role: role === "owner" ? ("admin" as const) : role };
      return existing
        ? coordinator.serviceAccounts.update(existing.id, body)
        : coordinator.serviceAccounts.create(body);
    },
    onSuccess: () => {
      refresh(keys.serviceAccounts, keys.limits);
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
      title={existing ? "Change the service account" : "New service account"}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="Shown as the author of what it does.">
          {(tie) => (
            <Input {...tie} value={name} maxLength={100} required onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <Field label="Role" hint="Its keys may do what the role lets them, from now on.">
          {(tie) => (
            <Select
              {...tie}
              value={role}
              onChange={setRole}
              options={roleChoices(standing).filter((choice) => choice.value !== "owner")}
            />
          )}
        </Field>
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={save.isPending} disabled={!name.trim()}>
            {existing ? "Save" : "Make the account"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

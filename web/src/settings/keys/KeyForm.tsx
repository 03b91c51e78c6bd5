/** Makes an API key and shows it this one time. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { useServiceAccounts } from "~/data/organisation.ts";
import { Button, Dialog, ErrorNote, Field, Input, plain, Select } from "~/ui/index.ts";
import { ShownOnce } from "../ShownOnce.tsx";
import { Scopes } from "./Scopes.tsx";
import { SCOPES, type Scope } from "./state.ts";

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "One year" },
  { value: "never", label: "Never" },
];
const ONESELF = "me";

export interface KeyFormProps {
  /** Whether it may be for a service account. */
  mayActForAccounts: boolean;
  /** The service account that it is for, where that is settled. */
  account?: { id: string; name: string };
  onClose: () => void;
}

export function KeyForm({ mayActForAccounts, account, onClose }: KeyFormProps) {
  const [name, setName] = useState("");
  const [owner, setOwner] = useState(account?.id ?? ONESELF);
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [life, setLife] = useState("90");
  const create = useMutation({
    mutationFn: () =>
      coordinator.apiKeys.create({
        name: name.trim(),
        ...(scopes.length ? { scopes } : {}),
        ...(owner === ONESELF ? {} : { service_account: owner }),
        ...(life === "never"
          ? {}
          : { expires_at: new Date(Date.now() + Number(life) * DAY_MS).toISOString() }),
      }),
    onSuccess: () => refresh(keys.apiKeys),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) create.mutate();
  };
  if (create.data) {
    return (
      <ShownOnce
        title="Your new API key"
        about="Copy it now: it is kept as a hash only and can't be shown again."
        secret={create.data.key}
        copy="Copy key"
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New API key">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="What will use it, for example “nightly build”.">
          {(tie) => (
            <Input {...tie} value={name} maxLength={100} required onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        {mayActForAccounts && <OwnerField value={owner} onChange={setOwner} account={account} />}
        <Scopes
          value={scopes}
          onChange={setScopes}
          offered={SCOPES.map(({ id }) => id)}
          hint={
            owner === ONESELF
              ? "None chosen: everything that you may do."
              : "None chosen: everything that its role may do."
          }
        />
        <Field label="Ends after">
          {(tie) => <Select {...tie} value={life} onChange={setLife} options={LIVES} />}
        </Field>
        {create.error && <ErrorNote error={create.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending} disabled={!name.trim()}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface OwnerFieldProps {
  value: string;
  onChange: (value: string) => void;
  account: KeyFormProps["account"];
}

function OwnerField({ value, onChange, account }: OwnerFieldProps) {
  const accounts = useServiceAccounts().data ?? (account ? [{ ...account, role: "" }] : []);
  return (
    <Field label="Acts as" hint="A key of yours ends when you leave; one of a service account does not.">
      {(tie) => (
        <Select
          {...tie}
          value={value}
          onChange={onChange}
          options={[
            { value: ONESELF, label: "You" },
            ...accounts.map(({ id, name, role }) => ({
              value: id,
              label: plain(name, 100),
              hint: role ? `Service account, ${role}` : "Service account",
            })),
          ]}
        />
      )}
    </Field>
  );
}

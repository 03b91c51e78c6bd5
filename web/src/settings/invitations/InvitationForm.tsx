/** Invites somebody and shows the link this one time. */
import type { Role } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import type { Standing } from "~/data/organisation.ts";
import { Button, Dialog, ErrorNote, Field, Input, plain, Select } from "~/ui/index.ts";
import { Choice } from "../Choice.tsx";
import { roleChoices } from "../members/rules.ts";
import { ShownOnce } from "../ShownOnce.tsx";
import { When } from "../When.tsx";

const DAY_MS = 86_400_000;
/** The server counts from when it hears of it, and takes 30 days at most. */
const MARGIN_MS = 60_000;
const LIVES = [
  { value: "1", label: "One day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
];

const KINDS = [
  {
    value: "address",
    label: "One e-mail address",
    about: "Only the account with that address can accept it.",
  },
  {
    value: "link",
    label: "Whoever has the link",
    about: "The first who opens it joins. Pass it on with care.",
  },
] as const;

export function InvitationForm({ standing, onClose }: { standing: Standing; onClose: () => void }) {
  const [kind, setKind] = useState<"address" | "link">("address");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [days, setDays] = useState("7");
  const invite = useMutation({
    mutationFn: () =>
      coordinator.orgs.invitations.create(standing.organisation, {
        role,
        ...(kind === "address" ? { email: email.trim() } : {}),
        expires_at: new Date(Date.now() + Number(days) * DAY_MS - MARGIN_MS).toISOString(),
      }),
    onSuccess: () => refresh(keys.invitations),
  });
  const ready = kind === "link" || /^[^@\s]+@[^@\s]+$/.test(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) invite.mutate();
  };
  if (invite.data) {
    const { link, expires_at } = invite.data;
    return (
      <ShownOnce
        title="The invitation"
        about="Copy the link now: only its hash is kept, so it can't be shown again."
        secret={link}
        copy="Copy link"
        onClose={onClose}
      >
        <p className="text-muted">
          {invite.data.email ? `It is for ${plain(invite.data.email, 120)} alone, works` : "It works"} once,
          until <When at={expires_at} />.
        </p>
      </ShownOnce>
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New invitation">
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Choice legend="For" value={kind} onChange={setKind} options={KINDS} />
        {kind === "address" && (
          <Field label="E-mail address" hint="The server sends the link there; you get it, too.">
            {(tie) => (
              <Input
                {...tie}
                type="email"
                autoComplete="off"
                value={email}
                onChange={(e) => setEmail(e.target.value)}
              />
            )}
          </Field>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Role">
            {(tie) => <Select {...tie} value={role} onChange={setRole} options={roleChoices(standing)} />}
          </Field>
          <Field label="Works for">
            {(tie) => <Select {...tie} value={days} onChange={setDays} options={LIVES} />}
          </Field>
        </div>
        {invite.error && <ErrorNote error={invite.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={invite.isPending} disabled={!ready}>
            Make the link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

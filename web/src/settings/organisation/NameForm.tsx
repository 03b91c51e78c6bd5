/** What people call the organisation. */
import type { OrganisationInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator } from "~/data/index.ts";
import { refreshStanding, type Standing } from "~/data/organisation.ts";
import { Button, ErrorNote, Field, Input, toast } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";

export function NameForm({ organisation, standing }: { organisation: OrganisationInfo; standing: Standing }) {
  const [name, setName] = useState(organisation.name);
  const closed = refusal("rename", standing);
  const save = useMutation({
    mutationFn: (wanted: string) => coordinator.orgs.rename(organisation.id, wanted),
    onSuccess: async (_, wanted) => {
      const before = organisation.name;
      await refreshStanding();
      if (wanted !== before) {
        toast.ok("Renamed", { action: { label: "Undo", run: () => void rename(organisation.id, before) } });
      }
    },
  });
  const wanted = name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted && wanted !== organisation.name) save.mutate(wanted);
  };
  return (
    <form
      onSubmit={submit}
      aria-label="Name"
      className="flex flex-col gap-3 rounded-control border border-line px-3.5 py-3"
    >
      <Field label="Name" hint={closed ?? "What people call it: in the rail, in invitations."}>
        {(tie) => (
          <Input
            {...tie}
            value={name}
            maxLength={100}
            disabled={closed !== null}
            onChange={(e) => setName(e.target.value)}
          />
        )}
      </Field>
      {save.error && <ErrorNote error={save.error} />}
      {closed === null && (
        <div>
          <Button
            type="submit"
            busy={save.isPending}
            disabled={wanted === "" || wanted === organisation.name}
          >
            Save
          </Button>
        </div>
      )}
    </form>
  );
}

/** Back to what it was, when the form may be gone already. */
async function rename(id: string, name: string): Promise<void> {
  try {
    await coordinator.orgs.rename(id, name);
    await refreshStanding();
  } catch (error) {
    toast.error(error, { title: "The new name stays" });
  }
}

/** Makes an organisation, and goes there. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator } from "~/data/index.ts";
import { switchOrganisation } from "~/shell/switch-organisation.ts";
import { Button, Dialog, ErrorNote, Field, Input } from "~/ui/index.ts";
import { slugError, slugOf } from "./slug.ts";

export function NewOrganisation({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [given, setGiven] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const slug = given ?? slugOf(name);
  const wrong = slugError(slug);
  const create = useMutation({
    mutationFn: () => coordinator.orgs.create({ slug, name: name.trim() || slug }),
    onSuccess: ({ id }) => switchOrganisation(id, "/settings/organisation"),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong) create.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New organisation"
      description="You own it. It begins with nothing: model keys, secrets and members are its own."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name">
          {(tie) => (
            <Input
              {...tie}
              value={name}
              maxLength={100}
              placeholder="Acme Ltd"
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        <Field label="Slug" error={tried ? wrong : null} hint="Short and unique on this server. It stays.">
          {(tie) => (
            <Input {...tie} value={slug} spellCheck={false} onChange={(e) => setGiven(e.target.value)} />
          )}
        </Field>
        {create.error && <ErrorNote error={create.error} />}
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={create.isPending || create.isSuccess}>
            Make it and go there
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

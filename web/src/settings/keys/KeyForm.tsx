/** Makes an API key and shows it this one time. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, CopyButton, Dialog, ErrorNote, Field, Input, Select } from "~/ui/index.ts";

const SCOPES = [
  { id: "sessions:read", about: "Look at sessions and their events" },
  { id: "sessions:write", about: "Start and drive sessions" },
  { id: "runs:read", about: "Read the run history and its cost" },
  { id: "admin", about: "Everything, model keys and API keys too" },
];

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "One year" },
  { value: "never", label: "Never" },
];

export function KeyForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [life, setLife] = useState("90");
  const create = useMutation({
    mutationFn: () =>
      coordinator.apiKeys.create({
        name: name.trim(),
        ...(scopes.length ? { scopes } : {}),
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
  if (create.data) return <Made secret={create.data.key ?? ""} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="New API key">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="What will use it, for example “nightly build”.">
          {(tie) => (
            <Input {...tie} value={name} maxLength={100} required onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 font-medium">Scopes</legend>
          <p className="text-small text-muted">None chosen: everything that you may do.</p>
          {SCOPES.map(({ id, about }) => (
            <label key={id} className="flex items-start gap-2 pointer-coarse:min-h-10">
              <input
                type="checkbox"
                className="mt-1 accent-(--accent)"
                checked={scopes.includes(id)}
                onChange={(e) =>
                  setScopes(e.target.checked ? [...scopes, id] : scopes.filter((s) => s !== id))
                }
              />
              <span>
                <code>{id}</code> <span className="text-muted">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
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

function Made({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Your new API key"
      description="Copy it now: it is kept as a hash only and can't be shown again."
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-control border border-line bg-surface px-3 py-2">
        <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{secret}</code>
        <CopyButton text={secret} label="Copy key" />
      </div>
    </Dialog>
  );
}

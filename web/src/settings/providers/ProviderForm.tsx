/** Adds an account at a model provider, or changes one; the key can be tried before it is stored. */
import type { ModelProviderInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, Dialog, ErrorNote, Field, Input, Select } from "~/ui/index.ts";
import { dollars, KINDS, type Kind, type ModelRow, offers, rowError } from "./kinds.ts";
import { ModelRows } from "./ModelRows.tsx";
import { TestResult } from "./TestResult.tsx";

const SLUG = /^[a-z0-9][a-z0-9._-]*$/;

export function ProviderForm({ existing, onClose }: { existing?: ModelProviderInfo; onClose: () => void }) {
  const [kindId, setKindId] = useState(() => kindOf(existing).id);
  const [name, setName] = useState(existing?.provider ?? "");
  const [address, setAddress] = useState(existing?.base_url ?? "");
  const [apiKey, setApiKey] = useState("");
  const [rows, setRows] = useState<ModelRow[]>(() => (existing?.models ?? []).map(toRow));
  const [tried, setTried] = useState(false);

  const kind = KINDS.find(({ id }) => id === kindId) ?? (KINDS[0] as Kind);
  const provider = existing?.provider ?? kind.provider ?? name.trim();
  const body = {
    provider,
    api: existing?.api ?? kind.api,
    api_key: apiKey.trim(),
    ...(address.trim() ? { base_url: address.trim() } : {}),
    models: offers(rows),
  };
  const problems = {
    name: SLUG.test(provider)
      ? null
      : "Lower-case letters, digits, “.”, “_” and “-”, for example my-gateway.",
    address: !kind.needsAddress || /^https?:\/\/./.test(address.trim()) ? null : "Give the full address.",
    key: apiKey.trim() || existing ? null : "Paste the key.",
    rows: rows.map(rowError).find(Boolean) ?? null,
  };
  const ready = !Object.values(problems).some(Boolean);

  const test = useMutation({ mutationFn: () => coordinator.modelProviders.testDraft(body) });
  const save = useMutation({
    mutationFn: () =>
      existing
        ? coordinator.modelProviders.update(existing.id, {
            ...(body.api_key ? { api_key: body.api_key } : {}),
            base_url: address.trim() || null,
            models: body.models,
          })
        : coordinator.modelProviders.create(body),
    onSuccess: () => {
      refresh(keys.modelProviders, keys.models);
      onClose();
    },
  });
  const attempt = (run: () => void) => {
    setTried(true);
    if (ready) run();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt(() => save.mutate());
  };
  const shown = tried ? problems : { name: null, address: null, key: null, rows: null };

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={existing ? `Change ${existing.provider}` : "Add a model provider"}
      description={existing ? "What you leave empty stays as it is." : undefined}
    >
      <form onSubmit={submit} className="flex flex-col gap-4" autoComplete="off">
        {!existing && (
          <Field label="Provider" hint={kind.hint}>
            {(tie) => (
              <Select
                {...tie}
                value={kindId}
                onChange={setKindId}
                options={KINDS.map(({ id, label }) => ({ value: id, label }))}
              />
            )}
          </Field>
        )}
        {!existing && kind.provider === null && (
          <Field label="Name" error={shown.name} hint={`Models are then called ${provider || "name"}/model.`}>
            {(tie) => (
              <Input {...tie} value={name} spellCheck={false} onChange={(e) => setName(e.target.value)} />
            )}
          </Field>
        )}
        <Field label="Address" optional={!kind.needsAddress} error={shown.address}>
          {(tie) => (
            <Input
              {...tie}
              value={address}
              type="url"
              inputMode="url"
              spellCheck={false}
              placeholder={kind.addressExample}
              onChange={(e) => setAddress(e.target.value)}
            />
          )}
        </Field>
        <Field
          label="API key"
          error={shown.key}
          optional={Boolean(existing)}
          hint={
            existing ? `Stored: …${existing.key_hint}. A new one replaces it.` : "Stored sealed; write-only."
          }
        >
          {(tie) => (
            <Input
              {...tie}
              type="password"
              autoComplete="off"
              data-1p-ignore
              value={apiKey}
              onChange={(e) => setApiKey(e.target.value)}
            />
          )}
        </Field>
        <ModelRows rows={rows} onChange={setRows} error={shown.rows} known={test.data?.models ?? []} />
        {test.data && <TestResult result={test.data} />}
        {(test.error || save.error) && <ErrorNote error={save.error ?? test.error} />}
        <div className="flex flex-wrap justify-end gap-2 pb-1">
          {(!existing || apiKey.trim()) && (
            <Button busy={test.isPending} onClick={() => attempt(() => test.mutate())}>
              Test key
            </Button>
          )}
          <Button variant="primary" type="submit" busy={save.isPending}>
            {existing ? "Save" : "Add provider"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function kindOf(existing: ModelProviderInfo | undefined): Kind {
  const found =
    existing && KINDS.find(({ api, provider }) => api === existing.api && provider === existing.provider);
  const compatible = existing && KINDS.find(({ api, provider }) => api === existing.api && provider === null);
  return found ?? compatible ?? (KINDS[0] as Kind);
}

let rowKey = 0;

function toRow(offer: ModelProviderInfo["models"][number]): ModelRow {
  rowKey += 1;
  return {
    key: -rowKey,
    id: offer.id,
    input: offer.price ? dollars(offer.price.input) : "",
    output: offer.price ? dollars(offer.price.output) : "",
  };
}

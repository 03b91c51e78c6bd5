/** Accounts at model providers: which there are, whether each works, and the way to add one. */
import type { ModelProviderInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { coordinator, keys, useModelProviders } from "~/data/index.ts";
import { useStanding } from "~/data/organisation.ts";
import { Badge, Button, EmptyState, ErrorNote, Plain, Time } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { ProviderForm } from "./ProviderForm.tsx";
import { TestResult } from "./TestResult.tsx";

export function Providers() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const closed = standing && refusal("configuration", standing);
  const query = useModelProviders();
  const add = (
    <Button variant="primary" disabled={Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      Add a provider
    </Button>
  );
  return (
    <Section
      title="Model providers"
      about="Your own accounts. A key is sealed when it is stored, never shown again, and never enters a sandbox."
      action={add}
    >
      {closed && <Note>{closed}</Note>}
      <Rows
        label="Model providers"
        query={{ ...query, data: query.data?.items }}
        keyOf={(provider) => provider.id}
        row={(provider) => <ProviderRow provider={provider} fixed={Boolean(closed)} />}
        empty={
          <EmptyState icon={<KeyRound aria-hidden />} title="No key yet" action={add}>
            Add an account at a model provider and agents can use its models. Until then there is the demo
            model, which answers from a script.
          </EmptyState>
        }
      />
      {adding && <ProviderForm onClose={() => setAdding(false)} />}
    </Section>
  );
}

interface ProviderRowProps {
  provider: ModelProviderInfo;
  /** Whether nothing can be done with it. */
  fixed: boolean;
}

function ProviderRow({ provider, fixed }: ProviderRowProps) {
  const [changing, setChanging] = useState(false);
  const test = useMutation({ mutationFn: () => coordinator.modelProviders.test(provider.id) });
  const names = provider.models.map(({ id }) => id);
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          <Plain text={provider.provider} className="font-medium" />
          <Badge>{provider.api}</Badge>
        </div>
        <p className="text-small text-muted">
          Key <code>…{provider.key_hint}</code> · added <Time at={provider.created_at} />
          {provider.base_url && (
            <>
              {" · "}
              <Plain text={provider.base_url} limit={120} />
            </>
          )}
        </p>
        <p className="text-small text-muted">
          {names.length ? <Plain text={names.join(", ")} limit={300} /> : "Any model that the provider knows"}
        </p>
      </div>
      {!fixed && (
        <div className="flex gap-1.5">
          <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
            Test key
          </Button>
          <Button size="small" onClick={() => setChanging(true)} aria-label={`Change ${provider.provider}`}>
            Change
          </Button>
          <Removal
            verb="Remove"
            name={provider.provider}
            description="Its key is deleted. Sessions on its models can't run another prompt until they are given another model."
            action="Remove provider"
            remove={() => coordinator.modelProviders.delete(provider.id)}
            touches={[keys.modelProviders, keys.models]}
          />
        </div>
      )}
      {(test.data || test.error) && (
        <div className="basis-full">
          {test.data ? <TestResult result={test.data} /> : <ErrorNote error={test.error} />}
        </div>
      )}
      {changing && <ProviderForm existing={provider} onClose={() => setChanging(false)} />}
    </>
  );
}

/** Secrets: variables that sandboxes find. Values go in and are never shown again. */
import type { SecretInfo } from "@agent-coordinator/client";
import { LockKeyhole, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { coordinator, keys, useEnvironments } from "~/data/index.ts";
import { useSecrets, useStanding } from "~/data/organisation.ts";
import { Badge, Button, EmptyState, Plain, Time } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { deliveredTo } from "./check.ts";
import { SecretForm } from "./SecretForm.tsx";

export function Secrets() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const hidden = standing && refusal("list secrets", standing);
  const closed = standing && refusal("secrets", standing);
  const query = useSecrets(standing !== undefined && !hidden);
  const environments = useEnvironments().data?.items;
  const names = useMemo(() => new Map(environments?.map(({ id, name }) => [id, name])), [environments]);
  const add = (
    <Button variant="primary" disabled={!standing || Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New secret
    </Button>
  );
  return (
    <Section
      title="Secrets"
      about="Environment variables for sandboxes. A value is sealed when it is stored and never shown again; what a sandbox reports has it taken out."
      action={add}
    >
      {closed && <Note>{hidden ?? closed}</Note>}
      {!hidden && (
        <Rows
          label="Secrets"
          query={query}
          keyOf={(secret) => secret.id}
          row={(secret) => <SecretRow secret={secret} names={names} fixed={Boolean(closed)} />}
          empty={
            <EmptyState icon={<LockKeyhole aria-hidden />} title="No secrets" action={add}>
              Give set-up commands or the agent a token: for a private registry, a test database, a service.
            </EmptyState>
          }
        />
      )}
      {adding && <SecretForm environments={environments ?? []} onClose={() => setAdding(false)} />}
    </Section>
  );
}

interface SecretRowProps {
  secret: SecretInfo;
  names: ReadonlyMap<string, string>;
  /** Whether nothing can be done with it. */
  fixed: boolean;
}

function SecretRow({ secret, names, fixed }: SecretRowProps) {
  const [replacing, setReplacing] = useState(false);
  const { scope, phase } = secret;
  const environment = scope === "organisation" ? null : (names.get(scope.environment_id) ?? "an environment");
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          <code className="font-medium">
            <Plain text={secret.name} limit={256} />
          </code>
          {environment === null ? (
            <Badge>organisation</Badge>
          ) : (
            <Badge className="min-w-0">
              <Plain text={environment} limit={60} />
            </Badge>
          )}
        </div>
        <p className="text-small text-muted">
          For <Plain text={deliveredTo(phase, environment)} limit={200} /> · value set{" "}
          <Time at={secret.updated_at} />
        </p>
      </div>
      {!fixed && (
        <div className="flex gap-1.5">
          <Button size="small" onClick={() => setReplacing(true)} aria-label={`Replace ${secret.name}`}>
            Replace
          </Button>
          <Removal
            verb="Delete"
            name={secret.name}
            description="Sandboxes that run keep what they were given; the next one gets none of that name."
            action="Delete secret"
            remove={() => coordinator.secrets.delete(secret.id)}
            touches={[keys.secrets]}
          />
        </div>
      )}
      {replacing && <SecretForm existing={secret} environments={[]} onClose={() => setReplacing(false)} />}
    </>
  );
}

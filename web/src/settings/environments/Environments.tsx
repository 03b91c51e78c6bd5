/** Environments: set-up commands of a repository under a name, to choose when a session starts. */
import type { Environment } from "@agent-coordinator/client";
import { Package, Plus } from "lucide-react";
import { useState } from "react";
import { coordinator, keys, useEnvironments } from "~/data/index.ts";
import { useStanding } from "~/data/organisation.ts";
import { Button, EmptyState, Plain, repositoryName } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { EnvironmentForm } from "./EnvironmentForm.tsx";

export function Environments() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const closed = standing && refusal("configuration", standing);
  const query = useEnvironments();
  const add = (
    <Button variant="primary" disabled={Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New environment
    </Button>
  );
  return (
    <Section
      title="Environments"
      about="Commands that prepare a repository after the clone, before the agent starts."
      action={add}
    >
      {closed && <Note>{closed}</Note>}
      <Rows
        label="Environments"
        query={{ ...query, data: query.data?.items }}
        keyOf={(environment) => environment.id}
        row={(environment) => <EnvironmentRow environment={environment} fixed={Boolean(closed)} />}
        empty={
          <EmptyState icon={<Package aria-hidden />} title="No environments" action={add}>
            A session works without one. Save one when the same repository is set up again and again.
          </EmptyState>
        }
      />
      {adding && <EnvironmentForm onClose={() => setAdding(false)} />}
    </Section>
  );
}

interface EnvironmentRowProps {
  environment: Environment;
  /** Whether nothing can be done with it. */
  fixed: boolean;
}

function EnvironmentRow({ environment, fixed }: EnvironmentRowProps) {
  const [changing, setChanging] = useState(false);
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-baseline gap-2">
          <Plain text={environment.name} className="font-medium" />
          {environment.repository && (
            <Plain text={repositoryName(environment.repository.url)} className="text-small text-muted" />
          )}
        </div>
        <p className="truncate text-small text-muted">
          {environment.setup.length ? (
            <code>
              <Plain text={environment.setup.join(" && ")} limit={300} />
            </code>
          ) : (
            "No commands"
          )}
        </p>
      </div>
      {!fixed && (
        <div className="flex gap-1.5">
          <Button size="small" onClick={() => setChanging(true)} aria-label={`Change ${environment.name}`}>
            Change
          </Button>
          <Removal
            verb="Delete"
            name={environment.name}
            description="Sessions that were started with it keep their commands."
            action="Delete environment"
            remove={() => coordinator.environments.delete(environment.id)}
            touches={[keys.environments]}
          />
        </div>
      )}
      {changing && <EnvironmentForm existing={environment} onClose={() => setChanging(false)} />}
    </>
  );
}

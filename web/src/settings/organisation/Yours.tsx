/** All of one's organisations: the one that one is in, the way to the others, and a new one. */
import type { OrganisationInfo } from "@agent-coordinator/client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useOrganisations } from "~/data/organisation.ts";
import { switchOrganisation } from "~/shell/switch-organisation.ts";
import { Badge, Button, Plain } from "~/ui/index.ts";
import { Rows } from "../Rows.tsx";
import { When } from "../When.tsx";
import { NewOrganisation } from "./NewOrganisation.tsx";

export function Yours({ current }: { current: string }) {
  const [adding, setAdding] = useState(false);
  const query = useOrganisations();
  return (
    <section aria-label="Your organisations" className="flex flex-col gap-2.5">
      <header className="flex items-center justify-between gap-3">
        <h2 className="font-semibold">Your organisations</h2>
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-3.5" />
          New organisation
        </Button>
      </header>
      <Rows
        label="Your organisations"
        query={query}
        keyOf={({ id }) => id}
        row={(organisation) => <Row organisation={organisation} here={organisation.id === current} />}
        empty={null}
      />
      {adding && <NewOrganisation onClose={() => setAdding(false)} />}
    </section>
  );
}

function Row({ organisation, here }: { organisation: OrganisationInfo; here: boolean }) {
  const { id, name, slug, role, deletion } = organisation;
  return (
    <>
      <div className="flex min-w-0 flex-1 basis-48 flex-wrap items-center gap-x-2 gap-y-1">
        <Plain text={name} limit={100} className="font-medium" />
        {slug !== name && <Plain text={slug} className="text-small text-muted" />}
        <Badge>{role}</Badge>
        {deletion && (
          <Badge tone="bad">
            will be erased on <When at={deletion.effective_at} />
          </Badge>
        )}
      </div>
      {here ? (
        <span className="text-small text-muted">You are here</span>
      ) : (
        <Button size="small" onClick={() => switchOrganisation(id)} aria-label={`Switch to ${name}`}>
          Switch
        </Button>
      )}
    </>
  );
}

/** API keys: for programs and the command line. Shown once, revoked at once. */
import type { ApiKeyInfo } from "@agent-coordinator/client";
import { Plus, Terminal } from "lucide-react";
import { useState } from "react";
import { coordinator, keys, useApiKeys } from "~/data/index.ts";
import { Badge, Button, EmptyState, Plain, Time } from "~/ui/index.ts";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { KeyForm } from "./KeyForm.tsx";

export function Keys() {
  const [adding, setAdding] = useState(false);
  const query = useApiKeys();
  const alive = query.data?.items.filter((key) => !key.revoked_at);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New API key
    </Button>
  );
  return (
    <Section
      title="API keys"
      about="For programs and the command line. A key acts as you in this organisation, within its scopes."
      action={add}
    >
      <Rows
        label="API keys"
        query={{ ...query, data: alive }}
        keyOf={(key) => key.id}
        row={(key) => <KeyRow item={key} />}
        empty={
          <EmptyState icon={<Terminal aria-hidden />} title="No API keys" action={add}>
            Make one to drive sessions from a program or from the command line.
          </EmptyState>
        }
      />
      {adding && <KeyForm onClose={() => setAdding(false)} />}
    </Section>
  );
}

function KeyRow({ item }: { item: ApiKeyInfo }) {
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          <Plain text={item.name} className="font-medium" />
          {item.scopes.length ? (
            item.scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)
          ) : (
            <Badge>all scopes</Badge>
          )}
        </div>
        <p className="text-small text-muted">
          <code>{item.hint}…</code> · made <Time at={item.created_at} /> ·{" "}
          {item.last_used_at ? (
            <>
              used <Time at={item.last_used_at} />
            </>
          ) : (
            "never used"
          )}
          {item.expires_at && (
            <>
              {" · "}ends <Time at={item.expires_at} />
            </>
          )}
        </p>
      </div>
      <Removal
        verb="Revoke"
        name={item.name}
        description="Whatever uses this key is refused from now on. It can't be undone."
        action="Revoke key"
        remove={() => coordinator.apiKeys.revoke(item.id)}
        touches={[keys.apiKeys]}
      />
    </>
  );
}

/** API keys: for programs and the command line. Shown once, replaced without an outage, revoked at once. */
import type { ApiKeyInfo, Role } from "@agent-coordinator/client";
import { Plus, Terminal } from "lucide-react";
import { useMemo, useState } from "react";
import { useApiKeys, useMembers, useServiceAccounts, useStanding } from "~/data/organisation.ts";
import { Button, EmptyState, useNow } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { KeyForm } from "./KeyForm.tsx";
import { KeyRow, type Owner } from "./KeyRow.tsx";
import { isOver } from "./state.ts";

export function Keys() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const closed = standing && refusal("own keys", standing);
  const query = useApiKeys(standing !== undefined && !closed);
  const ownerOf = useOwners();
  const now = useNow();
  const alive = query.data?.filter((key) => !isOver(key, now));
  const over = query.data?.filter((key) => isOver(key, now)) ?? [];
  const add = (
    <Button variant="primary" disabled={Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New API key
    </Button>
  );
  const row = (key: ApiKeyInfo) => <KeyRow item={key} owner={ownerOf(key)} all={query.data ?? []} />;
  return (
    <Section
      title="API keys"
      about="For programs and the command line. A key acts as you, or as a service account, within its scopes."
      action={add}
    >
      {closed ? (
        <Note>{closed}</Note>
      ) : (
        <Rows
          label="API keys"
          query={{ ...query, data: alive }}
          keyOf={(key) => key.id}
          row={row}
          empty={
            <EmptyState icon={<Terminal aria-hidden />} title="No API keys" action={add}>
              Make one to drive sessions from a program or from the command line.
            </EmptyState>
          }
        />
      )}
      {over.length > 0 && (
        <details>
          <summary className="w-fit rounded text-muted hover:text-text">
            {over.length === 1 ? "One key that is over" : `${over.length} keys that are over`}
          </summary>
          <div className="mt-2">
            <Rows
              label="API keys that are over"
              query={{ ...query, data: over }}
              keyOf={(key) => key.id}
              row={row}
              empty={null}
            />
          </div>
        </details>
      )}
      {adding && standing && (
        <KeyForm mayActForAccounts={isAdmin(standing.role)} onClose={() => setAdding(false)} />
      )}
    </Section>
  );
}

function isAdmin(role: Role): boolean {
  return role === "admin" || role === "owner";
}

/** Whose key it is. */
function useOwners(): (key: ApiKeyInfo) => Owner {
  const standing = useStanding();
  const members = useMembers().data;
  const accounts = useServiceAccounts().data;
  return useMemo(() => {
    const people = new Map(members?.map((member) => [member.user_id, member.email]));
    const programs = new Map(accounts?.map((account) => [account.id, account.name]));
    return ({ user_id }) => {
      const account = programs.get(user_id);
      if (account !== undefined) return { kind: "account", name: account };
      if (user_id === standing?.user) return { kind: "you", name: "you" };
      return { kind: "person", name: people.get(user_id) ?? "somebody who left" };
    };
  }, [members, accounts, standing?.user]);
}

/** Service accounts: users that are programs. Their keys outlive whoever made them. */
import type { ServiceAccount } from "@agent-coordinator/client";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import { coordinator, keys } from "~/data/index.ts";
import { type Standing, useApiKeys, useServiceAccounts, useStanding } from "~/data/organisation.ts";
import { Badge, Button, EmptyState, Plain, Time, useNow } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { KeyForm } from "../keys/KeyForm.tsx";
import { isOver } from "../keys/state.ts";
import { Note } from "../Note.tsx";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { AccountForm } from "./AccountForm.tsx";

export function ServiceAccounts() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const closed = standing && refusal("service accounts", standing);
  const query = useServiceAccounts();
  const add = (
    <Button variant="primary" disabled={!standing || Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New service account
    </Button>
  );
  return (
    <Section
      title="Service accounts"
      about="Users that are programs. They can't sign in, and their keys go on working when whoever made them leaves."
      action={add}
    >
      {closed && <Note>{closed}</Note>}
      <Rows
        label="Service accounts"
        query={query}
        keyOf={(account) => account.id}
        row={(account) => standing && <AccountRow account={account} standing={standing} />}
        empty={
          <EmptyState icon={<Bot aria-hidden />} title="No service accounts" action={add}>
            Make one for what runs without a person: a nightly build, a bot, a dashboard.
          </EmptyState>
        }
      />
      {adding && standing && <AccountForm standing={standing} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AccountRow({ account, standing }: { account: ServiceAccount; standing: Standing }) {
  const [doing, setDoing] = useState<"change" | "key" | null>(null);
  const closed = refusal("service accounts", standing);
  const now = useNow();
  const theirs = useApiKeys(!closed).data?.filter((key) => key.user_id === account.id && !isOver(key, now));
  const close = () => setDoing(null);
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          <Plain text={account.name} className="font-medium" />
          <Badge>{account.role}</Badge>
        </div>
        <p className="text-small text-muted">
          {theirs &&
            (theirs.length === 0
              ? "No keys · "
              : theirs.length === 1
                ? "One key · "
                : `${theirs.length} keys · `)}
          made <Time at={account.created_at} />
        </p>
      </div>
      {!closed && (
        <div className="flex flex-wrap gap-1.5">
          <Button size="small" onClick={() => setDoing("key")} aria-label={`New key for ${account.name}`}>
            New key
          </Button>
          <Button size="small" onClick={() => setDoing("change")} aria-label={`Change ${account.name}`}>
            Change
          </Button>
          <Removal
            verb="Delete"
            name={account.name}
            description="Its API keys are revoked at once. What it made stays."
            action="Delete service account"
            remove={() => coordinator.serviceAccounts.delete(account.id)}
            touches={[keys.serviceAccounts, keys.apiKeys, keys.limits]}
          />
        </div>
      )}
      {doing === "change" && <AccountForm existing={account} standing={standing} onClose={close} />}
      {doing === "key" && <KeyForm mayActForAccounts account={account} onClose={close} />}
    </>
  );
}

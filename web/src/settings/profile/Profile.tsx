/** Who is signed in, and everything that keeps the account theirs. */
import { useMe } from "~/data/index.ts";
import type { Member } from "~/data/queries.ts";
import { Badge, Button, ErrorNote, Plain, Skeleton } from "~/ui/index.ts";
import { Section } from "../Section.tsx";
import { Devices } from "./Devices.tsx";
import { Identities } from "./Identities.tsx";
import { Password } from "./Password.tsx";
import { SecondFactor } from "./SecondFactor.tsx";

export function Profile() {
  const me = useMe();
  return (
    <Section title="Profile and security" about="Who you are here, and how you sign in.">
      {me.data ? (
        <>
          <Identity me={me.data} />
          <Password
            hasOne={Boolean(me.data.has_password)}
            email={me.data.user.email}
            slugs={slugsOf(me.data)}
          />
          <SecondFactor on={Boolean(me.data.second_factor)} hasPassword={Boolean(me.data.has_password)} />
          <Identities />
          <Devices />
        </>
      ) : me.error ? (
        <ErrorNote error={me.error} action={<Button onClick={() => void me.refetch()}>Try again</Button>} />
      ) : (
        <div aria-busy className="flex flex-col gap-4">
          <Skeleton className="h-20" />
          <Skeleton className="h-56" />
        </div>
      )}
    </Section>
  );
}

function Identity({ me }: { me: Member }) {
  const all = me.organisations ?? [];
  return (
    <dl className="grid grid-cols-[8rem_1fr] gap-y-1.5 rounded-control border border-line px-3.5 py-3">
      <dt className="text-muted">E-mail</dt>
      <dd className="min-w-0">
        <Plain text={me.user.email} />
      </dd>
      <dt className="text-muted">{all.length > 1 ? "Organisations" : "Organisation"}</dt>
      <dd className="flex min-w-0 flex-col gap-1">
        {(all.length ? all : [{ ...me.organisation, role: me.role }]).map(({ id, name, slug, role }) => (
          <span key={id} className="flex min-w-0 flex-wrap items-center gap-2">
            <Plain text={name || slug} />
            <Badge>{role}</Badge>
          </span>
        ))}
      </dd>
    </dl>
  );
}

function slugsOf(me: Member): string[] {
  return [me.organisation.slug, ...(me.organisations ?? []).map(({ slug }) => slug)];
}

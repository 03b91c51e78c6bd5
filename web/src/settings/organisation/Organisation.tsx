/** The organisation itself: its name, one's place in it, one's others, and how it ends. */
import { useOrganisation, useStanding } from "~/data/organisation.ts";
import { Badge, Button, CopyButton, ErrorNote, Plain, Skeleton, Time } from "~/ui/index.ts";
import { Section } from "../Section.tsx";
import { Endings } from "./Endings.tsx";
import { NameForm } from "./NameForm.tsx";
import { Yours } from "./Yours.tsx";

export function Organisation() {
  const { data, error, refetch } = useOrganisation();
  const standing = useStanding();
  return (
    <Section
      title="Organisation"
      about="A tenant of its own: sessions, keys and secrets belong to one, and nobody outside can tell that they are there."
    >
      {data && standing ? (
        <>
          <dl className="grid grid-cols-[7rem_1fr] items-baseline gap-y-1.5 rounded-control border border-line px-3.5 py-3">
            <dt className="text-muted">Slug</dt>
            <dd className="min-w-0">
              <Plain text={data.slug} /> <span className="text-small text-muted">stays as it is</span>
            </dd>
            <dt className="text-muted">Id</dt>
            <dd className="flex min-w-0 items-center gap-1">
              <code className="[overflow-wrap:anywhere]">{data.id}</code>
              <CopyButton text={data.id} label="Copy id" />
            </dd>
            <dt className="text-muted">Your role</dt>
            <dd>
              <Badge>{data.role}</Badge>
            </dd>
            <dt className="text-muted">Made</dt>
            <dd>
              <Time at={data.created_at} />
            </dd>
          </dl>
          <NameForm organisation={data} standing={standing} key={data.name} />
          <Yours current={data.id} />
          <Endings organisation={data} standing={standing} />
        </>
      ) : error ? (
        <ErrorNote error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      ) : (
        <div aria-busy className="flex flex-col gap-4">
          <Skeleton className="h-32" />
          <Skeleton className="h-28" />
        </div>
      )}
    </Section>
  );
}

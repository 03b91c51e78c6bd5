/** Invitations: links that make somebody a member, once. */
import { Mail, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useInvitations, useMembers, useStanding } from "~/data/organisation.ts";
import { Button, EmptyState } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { InvitationForm } from "./InvitationForm.tsx";
import { InvitationRow } from "./InvitationRow.tsx";

export function Invitations() {
  const [adding, setAdding] = useState(false);
  const standing = useStanding();
  const closed = standing && refusal("members", standing);
  const query = useInvitations(standing !== undefined && !closed);
  const members = useMembers().data;
  const people = useMemo(() => new Map(members?.map(({ user_id, email }) => [user_id, email])), [members]);
  const add = (
    <Button variant="primary" disabled={!standing || Boolean(closed)} onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" />
      New invitation
    </Button>
  );
  return (
    <Section
      title="Invitations"
      about="A link that makes somebody a member, once. Those that are over stay in the list for 30 days."
      action={add}
    >
      {closed ? (
        <Note>{closed}</Note>
      ) : (
        <Rows
          label="Invitations"
          query={query}
          keyOf={(invitation) => invitation.id}
          row={(invitation) =>
            standing && (
              <InvitationRow invitation={invitation} organisation={standing.organisation} people={people} />
            )
          }
          empty={
            <EmptyState icon={<Mail aria-hidden />} title="No invitations" action={add}>
              Invite those you work with. They get an account of their own, with the role that you choose.
            </EmptyState>
          }
        />
      )}
      {adding && standing && <InvitationForm standing={standing} onClose={() => setAdding(false)} />}
    </Section>
  );
}

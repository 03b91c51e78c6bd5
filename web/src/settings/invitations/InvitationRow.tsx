/** An invitation: for whom, with which role, and what has become of it. */
import type { InvitationInfo } from "@agent-coordinator/client";
import { coordinator, keys } from "~/data/index.ts";
import { Badge, Plain, plain, Time, type Tone } from "~/ui/index.ts";
import { Removal } from "../Removal.tsx";
import { When } from "../When.tsx";

const TONE: Record<string, Tone> = { open: "accent", accepted: "ok" };

export interface InvitationRowProps {
  invitation: InvitationInfo;
  organisation: string;
  /** Addresses of members by their ids. */
  people: ReadonlyMap<string, string>;
}

export function InvitationRow({ invitation, organisation, people }: InvitationRowProps) {
  const { id, email, role, status } = invitation;
  const open = status === "open";
  const by = people.get(invitation.invited_by) ?? "somebody who left";
  const accepted = invitation.accepted_by && people.get(invitation.accepted_by);
  const whom = email ? plain(email, 120) : "whoever has the link";
  return (
    <>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-2">
          {email ? (
            <Plain text={email} limit={120} className="font-medium" />
          ) : (
            <span className="font-medium">Whoever has the link</span>
          )}
          <Badge>{role}</Badge>
          <Badge tone={TONE[status] ?? "neutral"}>{status}</Badge>
        </div>
        <p className="text-small text-muted">
          By <Plain text={by} limit={120} /> <Time at={invitation.created_at} />
          {open && (
            <>
              {" · "}works until <When at={invitation.expires_at} />
            </>
          )}
          {accepted && accepted !== email && (
            <>
              {" · "}accepted by <Plain text={accepted} limit={120} />
            </>
          )}
        </p>
      </div>
      {open && (
        <Removal
          verb="Revoke"
          name={`the invitation for ${whom}`}
          description="From now on its link leads nowhere."
          action="Revoke invitation"
          remove={() => coordinator.orgs.invitations.revoke(organisation, id)}
          touches={[keys.invitations]}
        />
      )}
    </>
  );
}

/** Who belongs to the organisation, with which role. */
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useMembers, useStanding } from "~/data/organisation.ts";
import { buttonClass } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Rows } from "../Rows.tsx";
import { Section } from "../Section.tsx";
import { MemberRow } from "./MemberRow.tsx";

export function Members() {
  const standing = useStanding();
  const query = useMembers();
  const closed = standing && refusal("members", standing);
  return (
    <Section
      title="Members"
      about="Whoever belongs here. A key acts as its maker: with a weaker role a member's keys end, their sessions stay."
      action={
        !closed && (
          <Link
            to="/settings/$section"
            params={{ section: "invitations" }}
            className={buttonClass("primary")}
          >
            <UserPlus aria-hidden className="size-4" />
            Invite
          </Link>
        )
      }
    >
      {closed && <Note>{closed}</Note>}
      <Rows
        label="Members"
        query={{ ...query, isPending: query.isPending || !standing }}
        keyOf={(member) => member.user_id}
        row={(member) =>
          standing && <MemberRow member={member} members={query.data ?? []} standing={standing} />
        }
        empty={null}
      />
    </Section>
  );
}

/** A member: another role, removal, or why neither can be done. */
import type { MemberInfo, Role } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { refreshStanding, type Standing } from "~/data/organisation.ts";
import { Initials } from "~/shell/initials.tsx";
import { Badge, Confirm, Plain, plain, Select, toast } from "~/ui/index.ts";
import { aRole, refusal } from "../deeds.ts";
import { Removal } from "../Removal.tsx";
import { isWeaker, roleChoices, untouchable } from "./rules.ts";

export interface MemberRowProps {
  member: MemberInfo;
  members: readonly MemberInfo[];
  standing: Standing;
}

export function MemberRow({ member, members, standing }: MemberRowProps) {
  const [asked, setAsked] = useState<Role | null>(null);
  const role = member.role as Role;
  const self = member.user_id === standing.user;
  const closed = refusal("members", standing);
  const reason = untouchable(standing, member, members);
  const email = plain(member.email, 120);
  const change = useMutation({
    mutationFn: (wanted: Role) =>
      coordinator.orgs.members.setRole(standing.organisation, member.user_id, wanted),
    onSuccess: async (_, wanted) => {
      await refreshStanding();
      refresh(keys.apiKeys);
      // A weaker role has ended keys, which nothing brings back.
      const back = isWeaker(wanted, role)
        ? {}
        : { action: { label: "Undo", run: () => change.mutate(role) } };
      toast.ok(`${email} is ${aRole(wanted)} now`, back);
    },
    onError: (error) => toast.error(error, { title: `${email} is still ${aRole(role)}` }),
    onSettled: () => setAsked(null),
  });
  const choose = (wanted: Role) => {
    if (wanted === role) return;
    if (isWeaker(wanted, role)) setAsked(wanted);
    else change.mutate(wanted);
  };
  return (
    <>
      <Initials name={member.email} />
      <div className="min-w-0 flex-1 basis-48">
        <div className="flex flex-wrap items-center gap-2">
          <Plain text={member.email} limit={120} className="font-medium" />
          {self && <Badge>you</Badge>}
        </div>
        {/* What holds for the whole page is said above it. */}
        {reason && !closed && <p className="text-small text-pretty text-muted">{reason}</p>}
      </div>
      <div className="flex items-center gap-1.5">
        {closed ? (
          <Badge>{role}</Badge>
        ) : (
          <Select
            label={`Role of ${email}`}
            size="small"
            className="w-28"
            value={role}
            onChange={choose}
            disabled={reason !== null || change.isPending}
            options={roleChoices(standing)}
          />
        )}
        {!self && reason === null && (
          <Removal
            verb="Remove"
            name={email}
            description="They lose access at once, and their API keys of this organisation are revoked. Their sessions stay."
            action="Remove member"
            remove={() => coordinator.orgs.members.remove(standing.organisation, member.user_id)}
            touches={[keys.members, keys.apiKeys]}
          />
        )}
      </div>
      <Confirm
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={asked ? `Make ${self ? "yourself" : email} ${aRole(asked)}?` : ""}
        description={
          self
            ? "You may do less from now on and can't take it back yourself. Your API keys of this organisation are revoked."
            : "They may do less from now on, and their API keys of this organisation are revoked."
        }
        action="Change role"
        busy={change.isPending}
        onConfirm={() => asked && change.mutate(asked)}
      />
    </>
  );
}

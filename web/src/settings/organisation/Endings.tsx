/** How one's part in the organisation ends, and how the organisation does. */
import type { OrganisationInfo } from "@agent-coordinator/client";
import { type ReactNode, useState } from "react";
import { type Standing, useMembers } from "~/data/organisation.ts";
import { Button } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Deletion } from "./Deletion.tsx";
import { HandOver } from "./HandOver.tsx";
import { Leaving } from "./Leaving.tsx";

export interface EndingProps {
  organisation: OrganisationInfo;
  standing: Standing;
  onClose: () => void;
}

const DIALOGS = { leave: Leaving, "hand over": HandOver, delete: Deletion };

export function Endings({ organisation, standing }: Omit<EndingProps, "onClose">) {
  const [doing, setDoing] = useState<keyof typeof DIALOGS | null>(null);
  const members = useMembers().data;
  const onlyOwner = standing.role === "owner" && members?.filter(({ role }) => role === "owner").length === 1;
  const alone = members?.length === 1;
  const Asking = doing && DIALOGS[doing];
  const noHandOver =
    refusal("hand over", standing) ?? (alone ? "Nobody else belongs to it. Invite somebody first." : null);
  return (
    <section aria-label="Leave, hand over, delete" className="flex flex-col gap-2.5">
      <h2 className="font-semibold">Leave, hand over, delete</h2>
      <ul className="divide-y divide-line rounded-control border border-line">
        <Ending
          title="Hand it over"
          about="Another member becomes an owner and you an admin, in one step. Your API keys here are revoked."
          reason={noHandOver}
          action="Hand over …"
          onAct={() => setDoing("hand over")}
        />
        <Ending
          title="Leave"
          about="You lose access at once, and your API keys here are revoked. Your sessions stay."
          reason={
            onlyOwner ? "You are the only owner: make somebody else one, hand it over, or delete it." : null
          }
          action="Leave …"
          onAct={() => setDoing("leave")}
        />
        {!organisation.deletion && (
          <Ending
            title="Delete it"
            about="Nothing new begins from then on. After a time of grace everything of it is erased; until then an owner can restore it."
            reason={refusal("delete", standing)}
            final
            action="Delete …"
            onAct={() => setDoing("delete")}
          />
        )}
      </ul>
      {Asking && <Asking organisation={organisation} standing={standing} onClose={() => setDoing(null)} />}
    </section>
  );
}

interface OneProps {
  title: string;
  about: ReactNode;
  /** Why it can't be done. */
  reason: string | null;
  action: string;
  /** Nothing is left afterwards. */
  final?: boolean;
  onAct: () => void;
}

function Ending({ title, about, reason, action, final, onAct }: OneProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="font-medium">{title}</h3>
        <p className="text-pretty text-muted">{reason ?? about}</p>
      </div>
      <Button
        size="small"
        variant={final ? "danger" : "secondary"}
        disabled={reason !== null}
        onClick={onAct}
      >
        {action}
      </Button>
    </li>
  );
}

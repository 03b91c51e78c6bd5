/** Prompts that wait for the one that runs, in their order, each of which can still be taken back. */
import type { Turn } from "@agent-coordinator/client";
import { ListEnd, Paperclip, X } from "lucide-react";
import { useState } from "react";
import { IconButton, plain } from "~/ui/index.ts";
import { useSource, useView } from "../source.ts";
import { usePerson } from "../transcript/person.tsx";
import { waitingTurns } from "../transcript/rows.ts";

export function Queue() {
  const turns = useView(({ view }) => waitingTurns(view));
  if (turns.length === 0) return null;
  return (
    <ol aria-label="Queued prompts" className="mb-1.5 flex max-h-[30vh] flex-col gap-1 overflow-y-auto">
      {turns.map((turn, at) => (
        <Chip key={turn.promptId} turn={turn} position={at + 1} />
      ))}
    </ol>
  );
}

function Chip({ turn, position }: { turn: Turn; position: number }) {
  const { actions } = useSource();
  const author = usePerson(turn.author);
  const [busy, setBusy] = useState(false);
  const cancel = async (): Promise<void> => {
    setBusy(true);
    if (!(await actions.cancel(turn.promptId))) setBusy(false);
  };
  return (
    <li className="flex min-h-8 min-w-0 items-center gap-2 rounded-control border border-line bg-surface ps-2.5 pe-1 text-base">
      <ListEnd aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="shrink-0 text-small text-muted">{position === 1 ? "Next" : position}</span>
      <bdi dir="auto" className="min-w-0 flex-1 truncate">
        {plain(turn.text, 300)}
      </bdi>
      {turn.attachments.length > 0 && (
        <span className="flex shrink-0 items-center gap-0.5 text-small text-muted">
          <Paperclip aria-hidden className="size-3" />
          {turn.attachments.length}
        </span>
      )}
      {author !== null && author !== "You" && (
        <span className="max-w-28 shrink-0 truncate text-small text-muted">{author}</span>
      )}
      <IconButton
        size="small"
        label="Cancel queued prompt"
        icon={<X aria-hidden />}
        disabled={busy}
        onClick={() => void cancel()}
      />
    </li>
  );
}

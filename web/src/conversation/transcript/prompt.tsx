/** A prompt as it was sent: who, when, with which model, the text verbatim, the files that came along. */
import type { Turn } from "@agent-coordinator/client";
import { Button, Plain, Time } from "~/ui/index.ts";
import { LongText } from "../markdown/long-text.tsx";
import { useSource } from "../source.ts";
import { AttachedFiles } from "./attached.tsx";
import { Person } from "./person.tsx";

interface PromptProps {
  turn: Turn;
  first: boolean;
  newModel: boolean;
  waiting: boolean;
}

export function Prompt({ turn, first, newModel, waiting }: PromptProps) {
  return (
    <article aria-label="Prompt" className={first ? "pt-6 pb-2" : "pt-9 pb-2"}>
      <div className="rounded-control border border-line bg-surface px-3.5 py-2.5">
        <header className="mb-1 flex min-w-0 items-baseline gap-2 text-small text-muted">
          <Person author={turn.author} />
          <Time at={turn.queuedAt} />
          {newModel && turn.model !== null && (
            <Plain text={turn.model} truncate className="ms-auto min-w-0 font-mono" />
          )}
        </header>
        <LongText text={turn.text} className="text-read leading-[1.55]" />
        {turn.attachments.length > 0 && <AttachedFiles promptId={turn.promptId} files={turn.attachments} />}
      </div>
      {waiting && <Waiting promptId={turn.promptId} />}
    </article>
  );
}

/** The next prompt, while nothing runs yet. */
function Waiting({ promptId }: { promptId: string }) {
  const { actions } = useSource();
  return (
    <div className="mt-1.5 flex items-center justify-between gap-2 ps-1 text-small text-muted">
      <span>Starts when the sandbox is ready</span>
      <Button variant="ghost" size="small" onClick={() => void actions.cancel(promptId)}>
        Cancel queued prompt
      </Button>
    </div>
  );
}

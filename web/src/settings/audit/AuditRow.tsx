/** A record on a line, and all of it when it is opened. */
import type { AuditOutcome, AuditRecord } from "@agent-coordinator/client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { absolute } from "~/ui/format.ts";
import { Badge, Button, CopyButton, cx, Plain, plain, type Tone } from "~/ui/index.ts";
import type { Filter } from "./filter.ts";
import { actorName, did } from "./words.ts";

const TONE: Record<AuditOutcome, Tone> = { allowed: "neutral", denied: "bad", failed: "warn" };

export interface AuditRowProps {
  record: AuditRecord;
  onFilter: (next: Partial<Filter>) => void;
}

export function AuditRow({ record, onFilter }: AuditRowProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const words = did(record);
  const at = Date.parse(record.at);
  const details = Object.entries(record.details ?? {});
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className="flex w-full items-baseline gap-3 rounded-control px-3.5 py-2 text-left outline-offset-[-2px] hover:bg-hover pointer-coarse:py-3"
      >
        <time dateTime={record.at} title={absolute(at)} className="w-15 shrink-0 text-small text-muted">
          {new Date(at).toLocaleTimeString("en-GB")}
        </time>
        <span className="min-w-0 flex-1">
          <Plain text={actorName(record)} limit={120} className="font-medium" />{" "}
          {words ?? <code>{plain(record.action, 80)}</code>}
          {details.length > 0 && (
            <span className="text-muted">
              {" · "}
              {details.map(([name, value]) => `${plain(name, 40)} ${plain(value, 80)}`).join(", ")}
            </span>
          )}
        </span>
        {record.outcome !== "allowed" && <Badge tone={TONE[record.outcome]}>{record.outcome}</Badge>}
        <ChevronRight
          aria-hidden
          className={cx("size-3.5 shrink-0 self-center text-muted transition-transform", open && "rotate-90")}
        />
      </button>
      {open && <Whole id={id} record={record} onFilter={onFilter} />}
    </>
  );
}

function Whole({ id, record, onFilter }: AuditRowProps & { id: string }) {
  const { actor } = record;
  const actorId = actor.type === "user" ? actor.user_id : actor.type;
  return (
    <dl
      id={id}
      className="grid grid-cols-[6.5rem_1fr] items-baseline gap-x-3 gap-y-1.5 border-t border-line bg-surface px-3.5 py-3 text-[13px]"
    >
      <Line name="Time">
        <time dateTime={record.at}>{absolute(Date.parse(record.at))}</time>
      </Line>
      <Line name="Action">
        <code>{plain(record.action, 80)}</code>
        <Only label={`Only these: ${record.action}`} onClick={() => onFilter({ action: record.action })} />
      </Line>
      <Line name="Outcome">{record.outcome}</Line>
      <Line name="Actor">
        <Plain text={actorName(record)} limit={256} />
        <Only label={`Only these: by ${actorName(record)}`} onClick={() => onFilter({ actor: actorId })} />
      </Line>
      {actor.type === "user" && actor.api_key_id && (
        <Line name="With the key">
          <Id text={actor.api_key_id} />
          <Only
            label="Only these: with this key"
            onClick={() => onFilter({ actor: actor.api_key_id ?? "" })}
          />
        </Line>
      )}
      {record.target && (
        <Line name="Resource">
          <Id text={record.target} />
          <Only
            label="Only these: about this resource"
            onClick={() => onFilter({ target: record.target ?? "" })}
          />
        </Line>
      )}
      <Line name="Address">
        {record.address ? <code>{plain(record.address, 80)}</code> : "none: on the server itself"}
      </Line>
      {record.request_id && (
        <Line name="Request">
          <Id text={record.request_id} />
        </Line>
      )}
      <Line name="In the chain">
        <span>No. {record.seq}</span>
        <Id text={record.hash} shown={`${record.hash.slice(0, 16)}…`} what="hash" />
      </Line>
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2">{children}</dd>
    </>
  );
}

function Id({ text, shown, what = "id" }: { text: string; shown?: string; what?: string }) {
  return (
    <span className="flex min-w-0 items-center gap-0.5">
      <code className="[overflow-wrap:anywhere]">{plain(shown ?? text, 100)}</code>
      <CopyButton text={text} label={`Copy ${what}`} />
    </span>
  );
}

/** Narrows the list down to what is like this. */
function Only({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      size="small"
      variant="ghost"
      className="h-6! px-1.5!"
      aria-label={plain(label, 160)}
      onClick={onClick}
    >
      Only these
    </Button>
  );
}

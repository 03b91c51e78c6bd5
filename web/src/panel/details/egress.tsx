/** Which places the sandbox asked for and what the server decided. */
import type { EgressRow } from "@agent-coordinator/client";
import { useMemo, useState } from "react";
import { Badge, Button, CopyButton, cx, Plain, plain, Time } from "~/ui/index.ts";
import { allowList, isAllowed, sorted } from "./egress.ts";
import { Section } from "./section.tsx";

/** Rows shown before one asks for all. */
const FOLD = 12;

export function Egress({ rows }: { rows: EgressRow[] }) {
  const [all, setAll] = useState(false);
  const places = useMemo(() => sorted(rows), [rows]);
  const hosts = useMemo(() => allowList(places), [places]);
  const denied = places.filter((row) => !isAllowed(row)).length;
  const shown = all ? places : places.slice(0, Math.max(FOLD, denied));
  return (
    <Section title="Network" aside={denied > 0 ? <Badge tone="warn">{denied} refused</Badge> : null}>
      {places.length === 0 && <p className="text-muted">The sandbox has asked for no host so far.</p>}
      {places.length > 0 && (
        <ul aria-label="Hosts" className="flex flex-col">
          {shown.map((row) => (
            <Place key={`${row.decision} ${row.host} ${row.port} ${row.reason}`} row={row} />
          ))}
        </ul>
      )}
      {shown.length < places.length && (
        <Button size="small" variant="ghost" className="mt-1" onClick={() => setAll(true)}>
          Show all {places.length.toLocaleString("en-US")} hosts
        </Button>
      )}
      {hosts.length > 0 && <Advice hosts={hosts} />}
    </Section>
  );
}

function Place({ row }: { row: EgressRow }) {
  const allowed = isAllowed(row);
  return (
    <li className="flex items-start gap-2 py-1">
      <Badge tone={allowed ? "neutral" : "bad"} className="mt-px w-16 justify-center">
        {plain(row.decision === "denied" ? "refused" : row.decision, 20)}
      </Badge>
      <span className="min-w-0 flex-1">
        <span className={cx("block font-mono text-[12px] leading-5", allowed && "text-text")}>
          <Plain text={`${row.host.slice(0, 300)}:${row.port}`} limit={320} />
        </span>
        <span className="block text-small text-muted">
          <Plain text={row.reason} limit={300} /> · <Time at={row.lastAt} />
        </span>
      </span>
      <span
        className="shrink-0 text-small text-muted"
        title={`${row.count.toLocaleString("en-US")} requests`}
      >
        {row.count > 999_999 ? ">1M" : row.count.toLocaleString("en-US")}×
      </span>
    </li>
  );
}

function Advice({ hosts }: { hosts: string[] }) {
  const setting = `COORDINATOR_EGRESS_ALLOW=${hosts.join(",")}`;
  return (
    <div className="mt-2 rounded-control border border-line bg-surface p-2 text-small">
      <p>
        The operator of this server can allow {hosts.length === 1 ? "this host" : "these hosts"} by adding to
        the list in its settings:
      </p>
      <p className="mt-1 flex items-start gap-1">
        <code className="min-w-0 flex-1 break-all">{setting}</code>
        <CopyButton text={setting} label="Copy setting" />
      </p>
    </div>
  );
}

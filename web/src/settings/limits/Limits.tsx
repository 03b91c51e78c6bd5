/** What the organisation may ask for, how much of it is in use, and what its turns have cost lately. */
import type { OrgLimits } from "@agent-coordinator/client";
import { useState } from "react";
import { useLimits } from "~/data/organisation.ts";
import { Button, bytes, ErrorNote, Skeleton } from "~/ui/index.ts";
import { Section } from "../Section.tsx";
import { Meter } from "./Meter.tsx";
import { Usage } from "./Usage.tsx";

type QuotaUse = OrgLimits["quotas"]["members"];

const DAY_MS = 86_400_000;

export function Limits() {
  const limits = useLimits();
  // Whole hours, so that coming back soon finds the same answer.
  const [from] = useState(() =>
    new Date(Math.floor((Date.now() - 30 * DAY_MS) / 3_600_000) * 3_600_000).toISOString(),
  );
  const { data, error, refetch } = limits;
  // A server of an older version doesn't count these.
  const { sockets, storage } = (data?.quotas ?? {}) as Partial<Record<string, QuotaUse>>;
  return (
    <Section
      title="Limits and usage"
      about="The operator of the server sets the limits. What is past a quota is refused; what runs already goes on."
    >
      {data ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <Meter label="Sessions" about="That exist, archived ones too" {...data.quotas.sessions} />
          <Meter
            label="Awake"
            about="With a sandbox, at work, or used a moment ago"
            {...data.quotas.sandboxes}
          />
          <Meter label="Turns" about="That run or wait" {...data.quotas.turns} />
          <Meter label="Members" about="People and service accounts" {...data.quotas.members} />
          {sockets && <Meter label="Connections" about="Sockets and streams that are open" {...sockets} />}
          {storage && (
            <Meter
              label="Storage"
              about="Logs, attachments and artifacts of sessions"
              words={bytes}
              {...storage}
            />
          )}
          <Meter
            label="Requests"
            about={`All credentials together; ${data.requests.per_s.toLocaleString("en-US")} come back each second`}
            limit={data.requests.burst}
            used={data.requests.burst - data.requests.remaining}
          />
        </div>
      ) : error ? (
        <ErrorNote error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} />
      ) : (
        <div aria-busy className="grid gap-3 sm:grid-cols-2">
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
        </div>
      )}
      <Usage from={from} />
    </Section>
  );
}

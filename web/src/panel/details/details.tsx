/** How things stand, all of it: status, sandbox, isolation, network, environment, cost, people, and the raw log. */
import { Braces, Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { coordinator, useLiveSelect, useSession } from "~/data/index.ts";
import { Button, buttonClass, Skeleton } from "~/ui/index.ts";
import { exportEvents } from "../events/export.ts";
import { AboutSession } from "./about.tsx";
import { Cost } from "./cost.tsx";
import { isAllowed } from "./egress.ts";
import { Egress } from "./egress.tsx";
import { Environment } from "./environment.tsx";
import { Sandbox, Walls } from "./sandbox.tsx";
import { Section } from "./section.tsx";
import { Status } from "./status.tsx";

const Events = lazy(() => import("../events/events.tsx").then((part) => ({ default: part.Events })));

export function Details({ sessionId }: { sessionId: string }) {
  const [raw, setRaw] = useState(false);
  const caughtUp = useLiveSelect(sessionId, (live) => live.caughtUp);
  if (!caughtUp) {
    return (
      <div role="status" aria-label="Loading details" className="flex flex-col gap-3 p-3">
        <Skeleton className="h-5 w-32" />
        <Skeleton className="h-24 w-full" />
      </div>
    );
  }
  if (raw) {
    return (
      <Suspense fallback={null}>
        <Events sessionId={sessionId} onBack={() => setRaw(false)} />
      </Suspense>
    );
  }
  return <All sessionId={sessionId} onRaw={() => setRaw(true)} />;
}

function All({ sessionId, onRaw }: { sessionId: string; onRaw: () => void }) {
  const { status, why, sandbox, phases, environment, egress } = useLiveSelect(sessionId, ({ view }) => ({
    status: view.status,
    why: view.why,
    sandbox: view.sandbox,
    phases: view.phases,
    environment: view.environment,
    egress: view.egress,
  }));
  const about = useLiveSelect(sessionId, ({ view }) => ({
    agent: view.agent,
    model: view.model,
    permissions: view.permissions,
    repository: view.repository,
    createdBy: view.createdBy,
    createdAt: view.createdAt,
    agentReady: view.agentReady,
    runningPromptId: view.runningPromptId,
    turns: view.turns,
  }));
  const people = useLiveSelect(sessionId, (live) => live.people);
  // What a person has to know about comes first.
  const refused = egress.some((row) => !isAllowed(row));
  const setup = useSession(sessionId).data?.setup ?? [];
  return (
    <div className="[&_code]:font-mono [&_code]:text-[12px]">
      <Status status={status} why={why} />
      {refused && <Egress rows={egress} />}
      <Sandbox sandbox={sandbox} phases={phases} />
      <Cost turns={about.turns} />
      {!refused && <Egress rows={egress} />}
      <Environment raw={environment} setup={setup} />
      <Walls sandbox={sandbox} />
      <AboutSession sessionId={sessionId} about={about} people={people} />
      <Log sessionId={sessionId} onRaw={onRaw} />
    </div>
  );
}

function Log({ sessionId, onRaw }: { sessionId: string; onRaw: () => void }) {
  const head = useLiveSelect(sessionId, (live) => live.view.head);
  const started = useLiveSelect(sessionId, (live) => live.view.sandbox !== null);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    await exportEvents(coordinator, sessionId);
    setBusy(false);
  };
  return (
    <Section title="Log and files">
      <p className="text-muted">{head.toLocaleString("en-US")} events so far.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="small" onClick={onRaw}>
          <Braces aria-hidden className="size-3.5" /> Raw events
        </Button>
        <Button size="small" busy={busy} onClick={() => void save()}>
          <Download aria-hidden className="size-3.5" /> Export events
        </Button>
        {started && (
          <a
            className={buttonClass("secondary", "small")}
            href={`/v1/sessions/${encodeURIComponent(sessionId)}/archive`}
            download={`${sessionId}.tar`}
          >
            <Download aria-hidden className="size-3.5" /> Download workspace
          </a>
        )}
      </div>
    </Section>
  );
}

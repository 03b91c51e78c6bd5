/** The sandbox: which one, how it came to be, and what keeps it in. */
import type { Phase, SandboxView } from "@agent-coordinator/client";
import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { Badge, CopyButton, cx, Elapsed, Plain, plain, span, Time, type Tone } from "~/ui/index.ts";
import { isolation, type Level } from "./isolation.ts";
import { Fact, Rows, Section } from "./section.tsx";

const PHASE: Record<SandboxView["phase"], string> = {
  starting: "starting",
  preparing: "preparing",
  ready: "ready",
  gone: "stopped",
};

const LEVEL: Record<Level, { word: string; tone: Tone; says: string }> = {
  full: { word: "full", tone: "ok", says: "Every layer is in force." },
  reduced: { word: "reduced", tone: "warn", says: "Some layers are missing on this host." },
  none: { word: "none", tone: "bad", says: "Nothing separates it from the host." },
  unknown: { word: "unknown", tone: "warn", says: "The sandbox has not said." },
};

const HELD: Record<string, { tone: Tone; says: string }> = {
  hard: { tone: "neutral", says: "The kernel refuses more." },
  watched: { tone: "neutral", says: "Looked at every few seconds; the sandbox is stopped when it has more." },
  none: { tone: "warn", says: "Not held on this host." },
};

export function Sandbox({ sandbox, phases }: { sandbox: SandboxView | null; phases: Phase[] }) {
  if (sandbox === null) {
    return (
      <Section title="Sandbox">
        <p className="text-muted">There is none yet. One starts with the first prompt.</p>
      </Section>
    );
  }
  return (
    <Section title="Sandbox" aside={<Badge>{PHASE[sandbox.phase]}</Badge>}>
      <Rows>
        <Fact name="Id">
          <Id id={sandbox.id} label="Copy sandbox id" />
        </Fact>
        <Fact name="Provider">
          <Plain text={sandbox.provider} limit={100} />
          {sandbox.runnerVersion !== null && (
            <span className="text-muted">
              runner <Plain text={sandbox.runnerVersion} limit={60} />
            </span>
          )}
        </Fact>
        <Fact name="Generation">
          {sandbox.generation}
          {sandbox.generation > 1 && <span className="text-muted">the earlier ones are gone</span>}
        </Fact>
        <Fact name="Requested">
          <Time at={sandbox.requestedAt} />
        </Fact>
        {sandbox.cause !== null && (
          <Fact name="Ended">
            <Plain text={sandbox.cause.replaceAll("_", " ")} />
          </Fact>
        )}
      </Rows>
      <Phases phases={phases} />
    </Section>
  );
}

export function Id({ id, label }: { id: string; label: string }) {
  return (
    <>
      <code className="min-w-0 truncate" title={plain(id, 200)}>
        {plain(id, 200)}
      </code>
      <CopyButton text={id} label={label} />
    </>
  );
}

function Phases({ phases }: { phases: Phase[] }) {
  if (phases.length === 0) return null;
  return (
    <ol aria-label="Preparation" className="mt-2 flex flex-col gap-0.5 border-t border-line pt-2">
      {phases.map((phase) => (
        <li key={phase.phase} className="flex min-w-0 items-center gap-2">
          <PhaseMark state={phase.state} />
          <span className="w-20 shrink-0 truncate">
            <Plain text={phase.phase} limit={60} truncate />
          </span>
          <span className="min-w-0 flex-1 text-small text-muted">
            {phase.message && <Plain text={phase.message} limit={300} truncate />}
          </span>
          <span className="shrink-0 text-small text-muted">
            {phase.elapsedMs !== null ? (
              span(phase.elapsedMs)
            ) : isOver(phase) ? (
              ""
            ) : (
              <Elapsed since={phase.startedAt} />
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function isOver(phase: Phase): boolean {
  return phase.state === "completed" || phase.state === "failed";
}

function PhaseMark({ state }: { state: Phase["state"] }) {
  if (state === "completed")
    return <CircleCheck role="img" aria-label="Completed" className="size-3.5 shrink-0 text-ok" />;
  if (state === "failed")
    return <CircleX role="img" aria-label="Failed" className="size-3.5 shrink-0 text-bad" />;
  return (
    <LoaderCircle
      role="img"
      aria-label="Running"
      className={cx("size-3.5 shrink-0 text-accent", "animate-spin [animation-duration:1.6s]")}
    />
  );
}

/** What keeps it in. */
export function Walls({ sandbox }: { sandbox: SandboxView | null }) {
  const walls = isolation(sandbox?.isolation ?? null);
  if (walls === null) return null;
  const level = LEVEL[walls.level];
  return (
    <Section title="Isolation" aside={<Badge tone={level.tone}>{level.word}</Badge>}>
      <p className="text-muted">{level.says}</p>
      {walls.layers.length > 0 && (
        <ul className="mt-1.5 flex flex-col gap-0.5">
          {walls.layers.map((layer) => (
            <li key={layer}>
              <Plain text={layer} limit={300} />
            </li>
          ))}
        </ul>
      )}
      {walls.notes.map((note) => (
        <p key={note} className="mt-1 text-warn">
          <Plain text={note} limit={500} />
        </p>
      ))}
      {walls.limits.length > 0 && (
        <table className="mt-2 w-full border-t border-line text-left">
          <caption className="sr-only">Limits</caption>
          <thead className="text-small text-muted">
            <tr>
              <th className="py-1 font-normal">Limit</th>
              <th className="py-1 text-right font-normal">Most</th>
              <th className="py-1 text-right font-normal">How it is held</th>
            </tr>
          </thead>
          <tbody>
            {walls.limits.map(({ name, value, held }) => (
              <tr key={name}>
                <th scope="row" className="py-0.5 font-normal">
                  {name}
                </th>
                <td className="py-0.5 text-right">{value}</td>
                <td className="py-0.5 text-right" title={HELD[held]?.says}>
                  <Badge tone={HELD[held]?.tone ?? "neutral"}>{plain(held, 30)}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

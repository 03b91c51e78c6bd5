/** How the sandbox came to be: each phase as a step with its time, folded to one line once it is ready. */
import type { Phase } from "@agent-coordinator/client";
import { Check, ChevronRight, CircleX, LoaderCircle } from "lucide-react";
import { cx, Elapsed, plain, span } from "~/ui/index.ts";
import { useFold } from "../folds.ts";

const NAMES: Record<string, [doing: string, done: string]> = {
  sandbox: ["Starting the sandbox", "Sandbox"],
  connect: ["Connecting", "Connected"],
  clone: ["Cloning the repository", "Clone"],
  checkout: ["Checking out", "Checkout"],
  setup: ["Running set-up", "Set-up"],
  agent: ["Starting the agent", "Agent"],
};

interface PreparationProps {
  id: string;
  phases: Phase[];
  ready: boolean;
  gone: boolean;
}

export function Preparation({ id, phases, ready, gone }: PreparationProps) {
  const failed = phases.some((phase) => phase.state === "failed");
  const done = ready || (gone && !failed);
  const [open, toggle] = useFold(id, false);
  if (!done) {
    return (
      <section aria-label="Preparing" className="py-2">
        <Steps phases={phases} />
      </section>
    );
  }
  return (
    <section aria-label="Preparing" className="py-1 text-muted">
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="-mx-1.5 flex min-h-7 w-[calc(100%+0.75rem)] min-w-0 items-center gap-1.5 rounded-control px-1.5 text-start text-base hover:bg-hover max-md:min-h-10"
      >
        <ChevronRight
          aria-hidden
          className={cx("size-3.5 shrink-0 transition-transform duration-100", open && "rotate-90")}
        />
        <span className="min-w-0 truncate">{inShort(phases)}</span>
      </button>
      {open && (
        <div className="mt-1 ps-1.5">
          <Steps phases={phases} />
        </div>
      )}
    </section>
  );
}

/** "Ready in 3.1 s: sandbox 0.1 s, clone 2.2 s, agent 0.8 s". */
export function inShort(phases: Phase[]): string {
  const first = phases[0];
  if (first === undefined) return "Ready";
  const start = Date.parse(first.startedAt);
  const end = Math.max(...phases.map((phase) => endOf(phase)));
  const parts = phases
    .filter((phase) => phase.elapsedMs !== null && phase.elapsedMs >= 50)
    .map((phase) => `${nameOf(phase, true).toLowerCase()} ${span(phase.elapsedMs ?? 0)}`);
  const whole = `Ready in ${span(end - start)}`;
  return parts.length > 0 ? `${whole}: ${parts.join(", ")}` : whole;
}

/** `startedAt` is when the phase was first told of, which for a quick one is its end. */
function endOf(phase: Phase): number {
  return Date.parse(phase.startedAt) + (phase.elapsedMs ?? 0);
}

function Steps({ phases }: { phases: Phase[] }) {
  return (
    <ol className="flex flex-col gap-1 text-base">
      {phases.map((phase) => (
        <Step key={phase.phase} phase={phase} />
      ))}
    </ol>
  );
}

function Step({ phase }: { phase: Phase }) {
  const ended = phase.state === "completed" || phase.state === "failed";
  return (
    <li className="flex min-w-0 items-start gap-2">
      <Mark state={phase.state} />
      <span className="min-w-0 flex-1">
        <span className={cx(phase.state === "failed" ? "text-bad" : ended ? "text-muted" : "text-text")}>
          {nameOf(phase, ended)}
          {phase.percent !== null && !ended && ` ${phase.percent} %`}
          {phase.state === "failed" && " failed"}
        </span>
        {phase.message !== null && (!ended || phase.state === "failed") && (
          <bdi className="block truncate font-mono text-small text-muted">{plain(phase.message, 300)}</bdi>
        )}
      </span>
      <span className="shrink-0 text-small text-muted">
        {phase.elapsedMs !== null ? span(phase.elapsedMs) : !ended && <Elapsed since={phase.startedAt} />}
      </span>
    </li>
  );
}

function Mark({ state }: { state: Phase["state"] }) {
  const place = "mt-[3px] size-3.5 shrink-0";
  if (state === "completed") return <Check role="img" aria-label="Done" className={cx(place, "text-ok")} />;
  if (state === "failed") return <CircleX role="img" aria-label="Failed" className={cx(place, "text-bad")} />;
  return <LoaderCircle role="img" aria-label="Under way" className={cx(place, "animate-spin text-accent")} />;
}

function nameOf(phase: Phase, done: boolean): string {
  const names = Object.hasOwn(NAMES, phase.phase) ? NAMES[phase.phase] : undefined;
  return names?.[done ? 1 : 0] ?? plain(phase.phase, 60);
}

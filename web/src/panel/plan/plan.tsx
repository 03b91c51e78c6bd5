/** The agent's own list of what is to be done. */
import type { PlanItem } from "@agent-coordinator/client";
import { Circle, CircleCheck, CircleDot, CircleSlash, ListTodo, type LucideIcon } from "lucide-react";
import { Badge, cx, EmptyState, Plain } from "~/ui/index.ts";
import { done, type Step, step } from "./progress.ts";

const LOOK: Record<Step, { icon: LucideIcon; word: string; mark: string; text: string }> = {
  done: { icon: CircleCheck, word: "Done", mark: "text-ok", text: "text-muted" },
  now: { icon: CircleDot, word: "In progress", mark: "text-accent", text: "font-medium" },
  next: { icon: Circle, word: "To do", mark: "text-muted", text: "" },
  dropped: { icon: CircleSlash, word: "Dropped", mark: "text-muted", text: "text-muted line-through" },
};

export function Plan({ plan }: { plan: PlanItem[] }) {
  if (plan.length === 0) {
    return (
      <EmptyState icon={<ListTodo aria-hidden />} title="No plan yet">
        When the agent writes down what it is going to do, the steps appear here.
      </EmptyState>
    );
  }
  const reached = done(plan);
  return (
    <div className="flex flex-col">
      <div className="border-b border-line px-3 py-2.5">
        <p className="text-[13px]">
          <span className="font-medium">
            {reached} of {plan.length}
          </span>{" "}
          <span className="text-muted">steps done</span>
        </p>
        <div className="mt-1.5 h-1 overflow-hidden rounded bg-hover" aria-hidden>
          <div
            className="h-full rounded bg-ok transition-[width] duration-150"
            style={{ width: `${(100 * reached) / plan.length}%` }}
          />
        </div>
      </div>
      <ol aria-label="Plan">
        {plan.map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names; the agent replaces the list as a whole
          <Item key={at} item={item} />
        ))}
      </ol>
    </div>
  );
}

function Item({ item }: { item: PlanItem }) {
  const look = LOOK[step(item.status)];
  const Icon = look.icon;
  return (
    <li
      aria-current={look === LOOK.now ? "step" : undefined}
      className={cx("flex items-start gap-2.5 px-3 py-1.5", look === LOOK.now && "bg-accent-soft")}
    >
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", look.mark)} strokeWidth={2.25} />
      <span className={cx("min-w-0 flex-1", look.text)}>
        <span className="sr-only">{look.word}: </span>
        <Plain text={item.content} limit={1000} />
      </span>
      {item.priority === "high" && look !== LOOK.done && <Badge>high</Badge>}
    </li>
  );
}

/** Which models can be chosen, and the way out when there is only the demo. */
import type { ModelList } from "@agent-coordinator/client";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { buttonClass, type ComboboxOption, cx, money } from "~/ui/index.ts";

export interface Choices {
  options: ComboboxOption[];
  /** Providers that take any model: its name may be typed. */
  open: string[];
}

export function modelChoices(list: ModelList | undefined): { choices: Choices; onlyDemo: boolean } {
  const options = (list?.items ?? []).map((model) => ({
    value: model.id,
    label: model.label ?? model.id,
    group: model.demo ? "Demo: answers from a script, needs no key" : model.provider,
    hint: model.price
      ? `${money(model.price.input)} in, ${money(model.price.output)} out for a million tokens`
      : undefined,
    disabledReason: model.available ? null : (model.reason ?? "Can't be used now"),
  }));
  const open = (list?.providers ?? [])
    .filter(({ models, available, id }) => models === "any" && available && id)
    .map(({ provider }) => provider);
  const real = (list?.items ?? []).some(({ demo, available }) => !demo && available) || open.length > 0;
  if (list) remember(!real);
  // Until the answer is here, the page keeps the room that it needed last time, so that nothing moves.
  return { choices: { options, open }, onlyDemo: list ? !real : remembered() };
}

const KEY = "coordinator.only-demo";

function remember(onlyDemo: boolean): void {
  try {
    localStorage.setItem(KEY, String(onlyDemo));
  } catch {
    // Then the page moves a little the next time.
  }
}

/** Who comes for the first time has no key. */
function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== "false";
  } catch {
    return true;
  }
}

/** One clear path from "no key" to a key. */
export function NoKey({ hidden }: { hidden: boolean }) {
  return (
    <div
      className={cx(
        "flex flex-wrap items-center gap-3 rounded-control border border-line bg-surface px-3.5 py-3",
        hidden && "invisible",
      )}
    >
      <KeyRound aria-hidden className="size-4 shrink-0 text-muted" />
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-medium">No model key yet.</span>{" "}
        <span className="text-muted">
          The demo model shows how everything works. For real work add your own key; it is tested before it is
          stored.
        </span>
      </p>
      <Link to="/settings/$section" params={{ section: "providers" }} className={buttonClass("secondary")}>
        Add a key
      </Link>
    </div>
  );
}

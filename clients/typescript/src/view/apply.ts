/** The fold: how each event, and each piece of text in the making, changes what a person sees. */
import type { LiveItem } from "../live/item.ts";
import { Draft } from "./draft.ts";
import { money } from "./money.ts";
import { known, unknown } from "./notice.ts";
import { prompts } from "./prompts.ts";
import { record } from "./read.ts";
import { requests } from "./requests.ts";
import { sandbox } from "./sandbox.ts";
import { session } from "./session.ts";
import type { Steps } from "./step.ts";
import { takeDelta } from "./stream.ts";
import type { Delta, SessionEvent, SessionView } from "./types.ts";
import { work } from "./work.ts";

// A map and not an object: a type such as `constructor` is no step.
const steps = new Map(
  Object.entries<Steps[string]>({
    ...session,
    ...prompts,
    ...sandbox,
    ...work,
    ...requests,
    ...money,
    ...known,
  }),
);

/** Folds one event in. An event that is in already changes nothing: the very same view comes back. */
export function apply(view: SessionView, event: SessionEvent): SessionView {
  return applyAll(view, [{ kind: "event", event }]);
}

/** Folds text in the making in. What has no place, or is there already, changes nothing. */
export function applyDelta(view: SessionView, promptId: string, delta: Delta): SessionView {
  return applyAll(view, [{ kind: "delta", promptId, delta }]);
}

/** The same for many at once, at the cost of one copy of what they change. */
export function applyAll(view: SessionView, items: readonly LiveItem[]): SessionView {
  let draft: Draft | undefined;
  for (const item of items) {
    if (item.kind === "event" && item.event.seq > (draft?.view ?? view).head) {
      draft ??= new Draft(view);
      take(draft, item.event);
    } else if (item.kind === "delta" && item.promptId === (draft?.view ?? view).runningPromptId) {
      draft ??= new Draft(view);
      takeDelta(draft, item.promptId, item.delta);
    }
  }
  return draft === undefined || !draft.changed ? view : draft.view;
}

function take(draft: Draft, event: SessionEvent): void {
  const data = record(event.data) ?? {};
  draft.replace("head", event.seq);
  draft.replace("updatedAt", event.at);
  const step = steps.get(event.type);
  if (step === undefined || !step(draft, event, data)) unknown(draft, event);
}

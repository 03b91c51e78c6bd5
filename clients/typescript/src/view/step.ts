/** How one type of event changes the view. */
import type { Draft } from "./draft.ts";
import type { Data } from "./read.ts";
import type { SessionEvent } from "./types.ts";

/** False when the event's data has another shape than this build knows: it is then shown as it is. */
export type Step = (draft: Draft, event: SessionEvent, data: Data) => boolean;

export type Steps = Readonly<Record<string, Step>>;

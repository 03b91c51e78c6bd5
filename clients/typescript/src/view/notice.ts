/** Events that are told in one line, and those that this build does not know. */
import type { Draft } from "./draft.ts";
import * as read from "./read.ts";
import type { Steps } from "./step.ts";
import type { NoticeEntry, SessionEvent } from "./types.ts";

/** Notices outside any turn that are kept. */
const MOST_NOTICES = 1_000;

/** Within the turn it belongs to, else the one that runs, else the session. */
export function note(draft: Draft, event: SessionEvent, level: NoticeEntry["level"], text: string): void {
  const { type, at, seq } = event;
  const notice: NoticeEntry = { kind: "notice", key: `notice ${seq}`, at, type, level, text, event };
  const promptId = event.prompt_id ?? draft.view.runningPromptId;
  if (draft.peek(promptId) !== undefined) {
    draft.put(promptId, notice);
    return;
  }
  const notices = draft.list("notices");
  if (notices.length >= MOST_NOTICES) notices.shift();
  notices.push(notice);
}

export function unknown(draft: Draft, event: SessionEvent): void {
  note(draft, event, "info", event.type);
}

export const known: Steps = {
  "model.retrying": (draft, event, data) => {
    const attempt = read.number(data.attempt) ?? 1;
    note(draft, event, "warning", `The model is asked again (${attempt}): ${read.text(data.message) ?? ""}`);
    return true;
  },
  "error.raised": (draft, event, data) => {
    const { message, next_step } = read.turnError(data.error);
    note(draft, event, "error", `${message} ${next_step}`.trim());
    return true;
  },
  "artifact.removed": (draft, event, data) => {
    note(draft, event, "info", `Artifact removed: ${read.text(data.name) ?? ""}`);
    return true;
  },
  "artifact.created": (draft, event, data) => {
    note(draft, event, "info", `Kept as an artifact: ${read.text(data.name) ?? ""}`);
    return true;
  },
  "budget.reached": (draft, event) => {
    note(draft, event, "warning", "A budget is used up.");
    return true;
  },
  "git.pushed": (draft, event, data) => {
    note(
      draft,
      event,
      "info",
      `Pushed ${read.text(data.reference) ?? ""} to ${read.text(data.remote) ?? ""}`,
    );
    return true;
  },
  "pull_request.opened": (draft, event, data) => {
    const number = read.number(data.number) ?? 0;
    note(draft, event, "info", `Opened pull request #${number}: ${read.text(data.title) ?? ""}`);
    return true;
  },
  "environment.changed": (draft, event, data) => {
    note(draft, event, "info", `The environment was changed: ${read.text(data.change) ?? ""}`);
    return true;
  },
};

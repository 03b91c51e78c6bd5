/** What the agent asks a person: permissions and questions. */
import type { Draft } from "./draft.ts";
import * as read from "./read.ts";
import type { Steps } from "./step.ts";
import type { SessionView } from "./types.ts";

export const requests: Steps = {
  "permission.requested": (draft, event, data) => {
    const permissionId = read.text(data.permission_id);
    if (permissionId === null || draft.peek(event.prompt_id) === undefined) return false;
    draft.put(event.prompt_id, {
      kind: "permission",
      key: permissionKey(permissionId),
      at: event.at,
      permissionId,
      tool: read.text(data.tool) ?? "",
      title: read.text(data.title) ?? "",
      patterns: read.list(data.patterns, read.text),
      details: data.details ?? null,
      reply: null,
      message: null,
      by: null,
      cause: null,
      resolved: false,
    });
    waits(draft, "permissions", permissionId);
    return true;
  },
  "permission.resolved": (draft, event, data) => {
    const permissionId = read.text(data.permission_id);
    if (permissionId === null) return false;
    waitsNoMore(draft, "permissions", permissionId);
    const entry = draft.entry(event.prompt_id, permissionKey(permissionId));
    if (entry?.kind !== "permission") return true;
    const { reply } = data;
    draft.put(event.prompt_id, {
      ...entry,
      reply: reply === "once" || reply === "always" || reply === "reject" ? reply : null,
      message: read.text(data.message),
      by: read.author(data.by),
      cause: read.text(data.cause),
      resolved: true,
    });
    return true;
  },
  "question.asked": (draft, event, data) => {
    const questionId = read.text(data.question_id);
    if (questionId === null || draft.peek(event.prompt_id) === undefined) return false;
    draft.put(event.prompt_id, {
      kind: "question",
      key: questionKey(questionId),
      at: event.at,
      questionId,
      questions: read.list(data.questions, read.question),
      answers: null,
      rejected: false,
      by: null,
      cause: null,
      resolved: false,
    });
    waits(draft, "questions", questionId);
    return true;
  },
  "question.answered": (draft, event, data) => {
    const questionId = read.text(data.question_id);
    if (questionId === null) return false;
    waitsNoMore(draft, "questions", questionId);
    const entry = draft.entry(event.prompt_id, questionKey(questionId));
    if (entry?.kind !== "question") return true;
    draft.put(event.prompt_id, {
      ...entry,
      answers: read.answers(data.answers),
      rejected: data.rejected === true,
      by: read.author(data.by),
      cause: read.text(data.cause),
      resolved: true,
    });
    return true;
  },
};

function permissionKey(id: string): string {
  return `permission ${id}`;
}

function questionKey(id: string): string {
  return `question ${id}`;
}

type Waiting = SessionView["pending"];

function waits(draft: Draft, kind: keyof Waiting, id: string): void {
  const { pending } = draft.view;
  if (!pending[kind].includes(id)) draft.replace("pending", { ...pending, [kind]: [...pending[kind], id] });
}

function waitsNoMore(draft: Draft, kind: keyof Waiting, id: string): void {
  const { pending } = draft.view;
  const rest = pending[kind].filter((one) => one !== id);
  if (rest.length !== pending[kind].length) draft.replace("pending", { ...pending, [kind]: rest });
}

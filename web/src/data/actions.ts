/** What a person can do to a session. Each says in a toast what went wrong and tells its caller whether it worked. */
import { type AttachmentInput, CoordinatorError, type PromptAccepted } from "@agent-coordinator/client";
import { toast } from "../ui/toast.ts";
import { keys } from "./client.ts";
import { coordinator } from "./coordinator.ts";
import { dropSession } from "./patch.ts";
import { refresh } from "./queries.ts";

export interface SendOptions {
  attachments?: readonly AttachmentInput[];
  model?: string;
}

export interface SessionActions {
  /** Null when it failed: keep the text. */
  send(text: string, options?: SendOptions): Promise<PromptAccepted | null>;
  cancel(promptId: string): Promise<boolean>;
  interrupt(): Promise<boolean>;
  permission(id: string, reply: "once" | "always" | "reject", message?: string): Promise<boolean>;
  answer(id: string, answers: string[][]): Promise<boolean>;
  reject(id: string): Promise<boolean>;
  hibernate(): Promise<boolean>;
  wake(): Promise<boolean>;
  archive(): Promise<boolean>;
  rename(title: string): Promise<boolean>;
  remove(): Promise<boolean>;
}

const made = new Map<string, SessionActions>();

/** The same object for the same session, so that it may stand in a list of dependencies. */
export function actions(sessionId: string): SessionActions {
  const known = made.get(sessionId);
  if (known) return known;
  const fresh = make(sessionId);
  made.set(sessionId, fresh);
  return fresh;
}

function make(id: string): SessionActions {
  const handle = coordinator.sessions.open(id);
  return {
    send: (text, options = {}) => tried(id, "The prompt was not sent", () => handle.prompt(text, options)),
    cancel: (promptId) => done(id, "The prompt was not cancelled", () => handle.cancel(promptId)),
    interrupt: () => done(id, "The turn was not stopped", () => handle.interrupt()),
    permission: (permissionId, reply, message) =>
      answered(id, () => handle.answerPermission(permissionId, reply, message)),
    answer: (questionId, answers) => answered(id, () => handle.answerQuestion(questionId, answers)),
    reject: (questionId) => answered(id, () => handle.rejectQuestion(questionId)),
    hibernate: () => done(id, "The session was not put to sleep", () => handle.hibernate()),
    wake: () => done(id, "The session was not woken", () => handle.wake()),
    archive: () => done(id, "The session was not archived", () => handle.archive()),
    rename: (title) => done(id, "The session was not renamed", () => handle.rename(title)),
    remove: async () => {
      const gone = await done(id, "The session was not deleted", () => handle.delete());
      if (gone) dropSession(id);
      return gone;
    },
  };
}

async function tried<Value>(id: string, title: string, act: () => Promise<Value>): Promise<Value | null> {
  try {
    return await act();
  } catch (error) {
    toast.error(error, { title });
    return null;
  } finally {
    refresh(keys.sessions, keys.session(id));
  }
}

async function done(id: string, title: string, act: () => Promise<void>): Promise<boolean> {
  return (await tried(id, title, () => act().then(() => true))) ?? false;
}

/** Somebody else may have answered first; then nothing is left to do and nothing to complain about. */
async function answered(id: string, act: () => Promise<void>): Promise<boolean> {
  return done(id, "The answer was not taken", () =>
    act().catch((error: unknown) => {
      if (error instanceof CoordinatorError && error.code === "already_answered") {
        toast.ok("Someone answered this already");
        return;
      }
      throw error;
    }),
  );
}

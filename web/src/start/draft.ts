/** What a new session is going to be, as the form holds it. */
import type { EnvironmentPlan, SessionCreate } from "@agent-coordinator/client";

/** Where the commands that run before the agent come from. */
export type SetUpChoice = "none" | "commands" | (string & {});

export interface SessionDraft {
  url: string;
  ref: string;
  token: string;
  /** `none`, `commands`, or the id of an environment. */
  setUp: SetUpChoice;
  /** One a line; for `commands`. */
  commands: string;
  /** The plan that filled `commands`, so that a hand-written text isn't overwritten. */
  suggested: string;
  model: string;
  agent: string;
  permissions: "allow" | "ask";
  prompt: string;
  files: File[];
}

export function emptyDraft(): SessionDraft {
  return {
    url: "",
    ref: "",
    token: "",
    setUp: "none",
    commands: "",
    suggested: "",
    model: "",
    agent: "",
    permissions: "allow",
    prompt: "",
    files: [],
  };
}

/** Whether it looks like the address of a repository. */
export function isAddress(text: string): boolean {
  try {
    const url = new URL(text.trim());
    return (url.protocol === "https:" || url.protocol === "http:") && url.pathname.length > 1;
  } catch {
    return false;
  }
}

/** The commands a plan proposes, one a line. */
export function proposed(plan: EnvironmentPlan): string {
  return plan.install.join("\n");
}

/** Takes a new plan in: its commands replace the last proposal, never a person's own text. */
export function withPlan(draft: SessionDraft, plan: EnvironmentPlan): Partial<SessionDraft> {
  const suggested = proposed(plan);
  if (suggested === draft.suggested) return {};
  const own = draft.commands.trim() !== draft.suggested.trim();
  return own ? { suggested } : { suggested, commands: suggested };
}

/** As the server takes it. */
export function toCreate(draft: SessionDraft): SessionCreate {
  const url = draft.url.trim();
  const commands = draft.commands
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const prepared = draft.setUp !== "none" && draft.setUp !== "commands";
  return {
    agent: draft.agent,
    model: draft.model,
    permissions: draft.permissions,
    ...(url
      ? {
          repository: {
            url,
            ...(draft.ref.trim() ? { ref: draft.ref.trim() } : {}),
            ...(draft.token.trim() ? { token: draft.token.trim() } : {}),
          },
        }
      : {}),
    ...(draft.setUp === "commands" && commands.length ? { setup: commands } : {}),
    ...(prepared ? { environment_id: draft.setUp } : {}),
    ...(draft.prompt.trim() ? { prompt: draft.prompt } : {}),
    ...(draft.prompt.trim() && draft.files.length ? { attachments: draft.files } : {}),
  };
}

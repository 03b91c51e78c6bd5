/** The last choice of model, agent and permissions, kept in this browser: the next session begins with it. */
import type { SessionDraft } from "./draft.ts";

const KEY = "coordinator.start";

export function rememberedChoice(): Partial<SessionDraft> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    const { model, agent, permissions } = kept as Record<string, unknown>;
    return {
      ...(typeof model === "string" ? { model } : {}),
      ...(typeof agent === "string" ? { agent } : {}),
      ...(permissions === "ask" || permissions === "allow" ? { permissions } : {}),
    };
  } catch {
    return {};
  }
}

export function rememberChoice({ model, agent, permissions }: SessionDraft): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ model, agent, permissions }));
  } catch {
    // A browser that keeps nothing starts with nothing chosen.
  }
}

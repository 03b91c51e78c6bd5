/** The view before the first event. */
import type { SessionView } from "./types.ts";

export function emptyView(): SessionView {
  return {
    head: 0,
    status: "idle",
    why: null,
    title: null,
    agent: "",
    model: "",
    permissions: "allow",
    repository: null,
    createdBy: null,
    createdAt: null,
    updatedAt: null,
    turns: [],
    queue: [],
    runningPromptId: null,
    pending: { permissions: [], questions: [] },
    phases: [],
    sandbox: null,
    agentReady: null,
    plan: [],
    environment: null,
    egress: [],
    changedFiles: [],
    tokens: { input: 0, output: 0, cached: 0, reasoning: 0 },
    costMicroUsd: 0,
    notices: [],
  };
}

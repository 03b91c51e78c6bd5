/** What a scene is: sessions with their logs, the rest of the server's answers, and what happens while one looks. */
import type {
  AgentInfo,
  ApiKeyInfo,
  BrowserInfo,
  Delta,
  Environment,
  Me,
  ModelList,
  ModelProviderInfo,
  Person,
  SessionEvent,
  SignInWays,
} from "@agent-coordinator/client";
import type { Tenant } from "./server/tenant.ts";

export interface Scene {
  /** What is to be seen in it. */
  shows: string;
  /** Where the app is opened. */
  path: string;
  sessions: SceneSession[];
  /** False: nobody is signed in. */
  signedIn?: boolean;
  /** `drops`: the socket is shut after the replay and every attempt after that fails. */
  network?: "works" | "drops";
  me?: Me;
  models?: ModelList;
  agents?: AgentInfo[];
  providers?: ModelProviderInfo[];
  keys?: ApiKeyInfo[];
  ways?: SignInWays;
  browsers?: BrowserInfo[];
  environments?: Environment[];
  /** The organisation and what belongs to it. */
  tenant?: Tenant;
}

export interface SceneSession {
  id: string;
  events: SessionEvent[];
  /** Answer of `/diff`. */
  diff?: string;
  /** Answer of `/files`, by path. */
  files?: Record<string, string>;
  /** Who looks at it besides the one who looks. */
  people?: Person[];
  /** Runs once, from the first subscription on. */
  live?: (stage: Stage) => Promise<void>;
}

/** What a live script does to everybody who looks. */
export interface Stage {
  readonly signal: AbortSignal;
  /** Resolves early, by rejecting, when the server ends. */
  wait(ms: number): Promise<void>;
  delta(promptId: string, delta: Delta): void;
  /** Adds to the log. */
  event(type: string, data: Record<string, unknown>, promptId?: string): void;
  people(people: Person[]): void;
}

/** Keeps the type where a scene is written. */
export function scene(what: Scene): Scene {
  return what;
}

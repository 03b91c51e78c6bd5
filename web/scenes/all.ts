/** Every scene by its name. Each call makes a fresh one: what happens in it is written into it. */
import * as beginnings from "./beginnings.ts";
import * as crowds from "./crowds.ts";
import * as endings from "./endings.ts";
import { hostile } from "./hostile.ts";
import type { Scene } from "./scene.ts";
import * as turns from "./turns.ts";

export const SCENES: Record<string, () => Scene> = {
  "signed-out": beginnings.signedOut,
  empty: beginnings.empty,
  "no-key": beginnings.noKey,
  "first-session": beginnings.firstSession,
  cloning: beginnings.cloning,
  preparing: beginnings.preparing,
  working: turns.working,
  "needs-permission": turns.needsPermission,
  "needs-question": turns.needsQuestion,
  done: turns.done,
  "unknown-price": turns.doneTwice,
  plan: turns.plan,
  queue: turns.queue,
  failed: endings.failed,
  hibernated: endings.hibernated,
  archived: endings.archived,
  offline: endings.offline,
  "many-sessions": crowds.manySessions,
  long: crowds.long,
  "several-people": crowds.severalPeople,
  "egress-denied": crowds.egressDenied,
  "100-deltas-per-second": turns.fast,
  hostile,
};

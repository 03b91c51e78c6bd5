/** The app's data: the client, what it asks, what is live, what can be done. */
export { actions, type SessionActions } from "./actions.ts";
export { isStatus, keys, queryClient } from "./client.ts";
export { coordinator } from "./coordinator.ts";
export {
  type Connection,
  type LiveState,
  liveState,
  retryLive,
  useLiveSelect,
  useOnline,
} from "./live.ts";
export {
  refresh,
  useAgents,
  useAnySession,
  useEnvironments,
  useMe,
  useModelProviders,
  useModels,
  useSession,
  useSessions,
  useSessionsFollowed,
} from "./queries.ts";

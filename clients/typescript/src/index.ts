/** `@agent-coordinator/client`: sessions, prompts and live events of an agent-coordinator server. */
export type * from "./api/federated.ts";
export type * from "./api/types.ts";
export type { ArtifactInput } from "./artifacts.ts";
export {
  type AttachmentInput,
  base64,
  checkPrompt,
  encodeAttachments,
  MAX_ATTACHMENT_BYTES,
  MAX_ATTACHMENTS,
  MAX_PROMPT_BYTES,
  type NamedBytes,
} from "./attachments.ts";
export type { AuditQuery } from "./audit.ts";
export { type SecondFactorProof, SecondFactorRequired } from "./auth.ts";
export { Coordinator } from "./coordinator.ts";
export { CoordinatorError, isTransient, NetworkError } from "./error.ts";
export { type FeedItem, type FeedOptions, type OrgEvent, rowOf } from "./feed.ts";
export { type PromptOptions, SessionHandle } from "./handle.ts";
export type { UsageQuery } from "./limits.ts";
export type { LiveItem, LiveOptions } from "./live/item.ts";
export type { CoordinatorOptions, WebSocketConstructor } from "./options.ts";
export type { RunQuery } from "./runs.ts";
export type { SecretQuery } from "./secrets.ts";
export type { SessionCreate, SessionQuery } from "./sessions.ts";
export type { CallOptions } from "./transport.ts";
export { apply, applyAll, applyDelta } from "./view/apply.ts";
export { emptyView } from "./view/empty.ts";
export type * from "./view/types.ts";

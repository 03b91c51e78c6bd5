/** The server's documents under short names. Their shapes come from its own description. */
import type { components } from "./schema.ts";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type SignedIn = Schemas["SignedIn"];
export type SecondFactorNeeded = Schemas["SecondFactorNeeded"];
export type TotpStarted = Schemas["TotpStarted"];
export type MailPromised = Schemas["MailPromised"];
export type BrowserInfo = Schemas["BrowserInfo"];
export type AgentInfo = Schemas["AgentInfo"];
export type ModelInfo = Schemas["ModelInfo"];
export type ModelList = Schemas["ModelList"];
export type ModelProviderState = Schemas["ModelProviderState"];
export type Session = Schemas["Session"];
export type SessionSummary = Schemas["SessionSummary"];
export type PromptInfo = Schemas["PromptInfo"];
export type PromptAccepted = Schemas["PromptAccepted"];
export type RunRecord = Schemas["RunRecord"];
export type ApiKeyInfo = Schemas["ApiKeyInfo"];
export type ApiKeyCreated = Schemas["ApiKeyCreated"];
export type ApiKeyCreate = Schemas["ApiKeyCreate"];
export type ApiKeyPatch = Schemas["ApiKeyPatch"];
export type ApiKeyRotate = Schemas["ApiKeyRotate"];
export type OrganisationInfo = Schemas["OrganisationInfo"];
export type OrganisationCreate = Schemas["OrganisationCreate"];
export type MemberInfo = Schemas["MemberInfo"];
export type InvitationInfo = Schemas["InvitationInfo"];
export type InvitationCreate = Schemas["InvitationCreate"];
export type InvitationCreated = Schemas["InvitationCreated"];
export type InvitationPreview = Schemas["InvitationPreview"];
export type ServiceAccount = Schemas["ServiceAccount"];
export type ServiceAccountCreate = Schemas["ServiceAccountCreate"];
export type ServiceAccountPatch = Schemas["ServiceAccountPatch"];
export type SecretInfo = Schemas["SecretInfo"];
export type SecretCreate = Schemas["SecretCreate"];
export type SecretPatch = Schemas["SecretPatch"];
export type SecretPhase = Schemas["SecretPhase"];
export type SecretScope = Schemas["SecretScope"];
export type AuditRecord = Schemas["AuditRecord"];
export type AuditLine = Schemas["AuditLine"];
export type AuditOutcome = Schemas["AuditOutcome"];
export type OrgLimits = Schemas["OrgLimits"];
export type UsageReport = Schemas["UsageReport"];
export type ModelProviderInfo = Schemas["ModelProviderInfo"];
export type ModelProviderTest = Schemas["ModelProviderTest"];
export type ModelProviderCreate = Schemas["ModelProviderCreate"];
export type ModelProviderPatch = Schemas["ModelProviderPatch"];
export type Environment = Schemas["Environment"];
export type EnvironmentCreate = Schemas["EnvironmentCreate"];
export type EnvironmentPatch = Schemas["EnvironmentPatch"];
export type EnvironmentPlan = Schemas["EnvironmentPlan"];
export type RepositoryInput = Schemas["RepositoryInput"];
export type FileEntry = Schemas["FileEntry"];
export type Isolation = Schemas["Isolation"];
export type Dialect = Schemas["Dialect"];
export type Artifact = Schemas["Artifact"];
export type Attachment = Schemas["Attachment"];
export type Health = Schemas["Health"];
export type PermissionMode = Schemas["PermissionMode"];
export type PermissionReply = Schemas["PermissionReply"];

/** What somebody may do in an organisation, the strongest first. */
export type Role = "owner" | "admin" | "member" | "viewer";

/** Somebody who looks at a session. */
export type Person = Schemas["Person"];

/** One page of a list, newest first unless its method says otherwise. */
export interface Page<Item> {
  items: Item[];
  /** Give it as `cursor` to get the next page; null on the last one. */
  next_cursor: string | null;
}

/** Which page. */
export interface PageQuery {
  cursor?: string;
  /** 1 to 200; 50 when absent. */
  limit?: number;
}

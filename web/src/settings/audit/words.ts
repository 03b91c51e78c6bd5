/** Records of the audit log in words. An action that isn't known here is shown as it is. */
import type { AuditRecord } from "@agent-coordinator/client";

/** What somebody did, after their name: "made an API key". */
const DID: Record<string, string> = {
  "api_key.create": "made an API key",
  "api_key.revoke": "revoked an API key",
  "api_key.rotate": "rotated an API key",
  "api_key.update": "changed an API key",
  "audit.export": "exported the audit log",
  "browser.end": "signed one of their browsers out",
  "browser.end_all": "signed their other browsers out",
  "environment.create": "made an environment",
  "environment.delete": "deleted an environment",
  "environment.update": "changed an environment",
  "git_token.use": "used a repository's token",
  "identity.link": "linked an account for signing in",
  "identity.unlink": "unlinked an account for signing in",
  "invitation.accept": "accepted an invitation",
  "invitation.create": "invited somebody",
  "invitation.revoke": "revoked an invitation",
  "link.redeem": "signed in with a link",
  "member.leave": "left the organisation",
  "member.remove": "removed a member",
  "member.role": "changed a member's role",
  "model_key.use": "used a model key",
  "model_provider.create": "added a model provider",
  "model_provider.delete": "removed a model provider",
  "model_provider.test": "tested a model provider",
  "model_provider.try": "tried a model key",
  "model_provider.update": "changed a model provider",
  "organisation.create": "made the organisation",
  "organisation.delete": "asked for the organisation's deletion",
  "organisation.rename": "renamed the organisation",
  "organisation.restore": "restored the organisation",
  "organisation.transfer": "handed the organisation over",
  "password.reset": "reset their password",
  "password.set": "set their password",
  "second_factor.confirm": "turned their second factor on",
  "second_factor.remove": "took their second factor away",
  "second_factor.start": "began to set up a second factor",
  "secret.create": "added a secret",
  "secret.delete": "deleted a secret",
  "secret.update": "replaced a secret",
  "secret.give_to_agent": "gave an agent its secrets",
  "secret.give_to_setup": "gave set-up commands their secrets",
  "service_account.create": "made a service account",
  "service_account.delete": "deleted a service account",
  "service_account.update": "changed a service account",
  "session.delete": "deleted a session",
  "session.export": "exported a session",
  "session.import": "imported a session",
  "user.sign_in": "signed in",
  "user.sign_in_provider": "signed in at a provider",
  "user.sign_out": "signed out",
  "user.sign_up_provider": "signed up at a provider",
};

export function did(action: string): string | null {
  return DID[action] ?? null;
}

/** What the filter offers: everything about one kind of thing. */
export const SUBJECTS: readonly { value: string; label: string }[] = [
  { value: "api_key.", label: "API keys" },
  { value: "audit.", label: "Audit log" },
  { value: "environment.", label: "Environments" },
  { value: "git_token.", label: "Repository tokens" },
  { value: "invitation.", label: "Invitations" },
  { value: "member.", label: "Members" },
  { value: "model_", label: "Model providers and keys" },
  { value: "organisation.", label: "Organisation" },
  { value: "secret.", label: "Secrets" },
  { value: "service_account.", label: "Service accounts" },
  { value: "session.", label: "Sessions" },
  { value: "user.", label: "Signing in and out" },
  { value: "password.", label: "Passwords" },
  { value: "second_factor.", label: "Second factors" },
];

/** Who did it. */
export function actorName({ actor }: AuditRecord): string {
  if (actor.type === "user") return actor.name;
  return actor.type === "operator" ? "Operator" : "Server";
}

export interface Day {
  /** Local midnight. */
  at: number;
  records: AuditRecord[];
}

/** Newest first, as they come: each day's records under it. */
export function byDay(records: readonly AuditRecord[]): Day[] {
  const days: Day[] = [];
  for (const record of records) {
    const at = new Date(record.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.at === at) last.records.push(record);
    else days.push({ at, records: [record] });
  }
  return days;
}

/** "Today", "Yesterday", "Tuesday, 17 November". */
export function dayName(at: number, now: number): string {
  const today = new Date(now).setHours(0, 0, 0, 0);
  if (at === today) return "Today";
  const yesterday = new Date(today);
  yesterday.setDate(yesterday.getDate() - 1);
  if (at === yesterday.getTime()) return "Yesterday";
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(thisYear ? {} : { year: "numeric" }),
  });
}

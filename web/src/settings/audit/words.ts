/** Records of the audit log in words. An action that isn't known here is shown as it is. */
import type { AuditRecord } from "@agent-coordinator/client";

/** What somebody did, in two tenses of its verb. */
const DEEDS: Record<string, string> = {
  "api_key.create": "make|made an API key",
  "api_key.revoke": "revoke|revoked an API key",
  "api_key.rotate": "rotate|rotated an API key",
  "api_key.update": "change|changed an API key",
  "audit.export": "export|exported the audit log",
  "browser.end": "sign|signed one of their browsers out",
  "browser.end_all": "sign|signed their other browsers out",
  "environment.create": "make|made an environment",
  "environment.delete": "delete|deleted an environment",
  "environment.update": "change|changed an environment",
  "git_token.use": "use|used a repository's token",
  "identity.link": "link|linked an account for signing in",
  "identity.unlink": "unlink|unlinked an account for signing in",
  "invitation.accept": "accept|accepted an invitation",
  "invitation.create": "invite|invited somebody",
  "invitation.revoke": "revoke|revoked an invitation",
  "link.redeem": "sign|signed in with a link",
  "member.leave": "leave|left the organisation",
  "member.remove": "remove|removed a member",
  "member.role": "change|changed a member's role",
  "model_key.use": "use|used a model key",
  "model_provider.create": "add|added a model provider",
  "model_provider.delete": "remove|removed a model provider",
  "model_provider.test": "test|tested a model provider",
  "model_provider.try": "try|tried a model key",
  "model_provider.update": "change|changed a model provider",
  "organisation.bootstrap": "set|set up an owner with an API key",
  "organisation.create": "make|made the organisation",
  "organisation.delete": "ask|asked for the organisation's deletion",
  "organisation.rename": "rename|renamed the organisation",
  "organisation.restore": "restore|restored the organisation",
  "organisation.transfer": "hand|handed the organisation over",
  "password.reset": "reset|reset their password",
  "password.set": "set|set their password",
  "second_factor.confirm": "turn|turned their second factor on",
  "second_factor.remove": "take|took their second factor away",
  "second_factor.start": "begin|began to set up a second factor",
  "secret.create": "add|added a secret",
  "secret.delete": "delete|deleted a secret",
  "secret.update": "replace|replaced a secret",
  "secret.give_to_agent": "give|gave an agent its secrets",
  "secret.give_to_setup": "give|gave set-up commands their secrets",
  "service_account.create": "make|made a service account",
  "service_account.delete": "delete|deleted a service account",
  "service_account.update": "change|changed a service account",
  "session.delete": "delete|deleted a session",
  "session.export": "export|exported a session",
  "session.import": "import|imported a session",
  "sign_in_link.create": "make|made a sign-in link",
  "user.sign_in": "sign|signed in",
  "user.sign_in_provider": "sign|signed in at a provider",
  "user.sign_out": "sign|signed out",
  "user.sign_up_provider": "sign|signed up at a provider",
};

/** What somebody did, after their name: "made an API key", or "tried to make an API key". */
export function did({ action, outcome }: Pick<AuditRecord, "action" | "outcome">): string | null {
  const [, present = "", past = "", rest = ""] = /^(\w+)\|(\w+)(.*)$/.exec(DEEDS[action] ?? "") ?? [];
  if (!present) return null;
  return outcome === "allowed" ? past + rest : `tried to ${present}${rest}`;
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

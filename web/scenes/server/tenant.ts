/** The fake answers about an organisation: who is in it, its keys, secrets, audit log and limits. */
import type {
  ApiKeyInfo,
  AuditRecord,
  InvitationInfo,
  MemberInfo,
  OrganisationInfo,
  SecretInfo,
  ServiceAccount,
  UsageReport,
} from "@agent-coordinator/client";
import type { Scene } from "../scene.ts";
import type { Answer } from "./account.ts";
import { id } from "./ids.ts";

/** What a scene says otherwise. */
export interface Tenant {
  organisation?: OrganisationInfo;
  organisations?: OrganisationInfo[];
  members?: MemberInfo[];
  invitations?: InvitationInfo[];
  accounts?: ServiceAccount[];
  secrets?: SecretInfo[];
  audit?: AuditRecord[];
  usage?: UsageReport;
}

export const ACME: OrganisationInfo = {
  id: id("org", 1),
  slug: "acme",
  name: "Acme Robotics",
  role: "owner",
  created_at: "2026-03-02T08:00:00.000Z",
};

const LAB: OrganisationInfo = {
  id: id("org", 2),
  slug: "lab",
  name: "The Lab",
  role: "member",
  created_at: "2026-08-11T08:00:00.000Z",
};

const MEMBERS: MemberInfo[] = [
  { user_id: id("usr", 4), email: "dana.whitfield@acme.dev", role: "viewer" },
  { user_id: id("usr", 3), email: "chidi@acme.dev", role: "member" },
  { user_id: id("usr", 2), email: "bo@acme.dev", role: "admin" },
  { user_id: id("usr", 1), email: "ada@acme.dev", role: "owner" },
];

const invitation = (number: number, more: Partial<InvitationInfo>): InvitationInfo => ({
  id: id("inv", number),
  role: "member",
  status: "open",
  invited_by: id("usr", 1),
  created_at: "2026-11-23T14:00:00.000Z",
  expires_at: "2026-11-30T14:00:00.000Z",
  email: null,
  ...more,
});

const INVITATIONS: InvitationInfo[] = [
  invitation(4, { email: "emil@acme.dev", role: "admin" }),
  invitation(3, {}),
  invitation(2, { email: "chidi@acme.dev", status: "accepted", accepted_by: id("usr", 3) }),
  invitation(1, { status: "revoked", invited_by: id("usr", 2) }),
];

export const ACCOUNTS: ServiceAccount[] = [
  {
    id: id("usr", 20),
    kind: "service",
    name: "nightly build",
    role: "member",
    created_at: "2026-10-01T10:00:00.000Z",
  },
  {
    id: id("usr", 21),
    kind: "service",
    name: "cost dashboard",
    role: "viewer",
    created_at: "2026-10-20T10:00:00.000Z",
  },
];

/** Of more than one person, one that was replaced, one that is over. */
export const MANY_KEYS: ApiKeyInfo[] = [
  {
    id: id("key", 5),
    name: "deploy",
    hint: "ack_Zk81Qw",
    scopes: ["sessions:write"],
    user_id: id("usr", 20),
    created_at: "2026-11-24T06:00:00.000Z",
    replaces: id("key", 4),
  },
  {
    id: id("key", 4),
    name: "deploy",
    hint: "ack_b7Rt02",
    scopes: ["sessions:write"],
    user_id: id("usr", 20),
    created_at: "2026-10-01T10:05:00.000Z",
    last_used_at: "2026-11-24T08:50:00.000Z",
    expires_at: "2099-01-01T06:00:00.000Z",
    replaced_by: id("key", 5),
  },
  {
    id: id("key", 3),
    name: "audit collector",
    hint: "ack_9f3kLm",
    scopes: ["audit:read", "runs:read"],
    user_id: id("usr", 2),
    rate_per_s: 5,
    created_at: "2026-10-11T10:00:00.000Z",
    last_used_at: "2026-11-24T07:12:00.000Z",
    expires_at: "2099-02-28T10:00:00.000Z",
  },
  {
    id: id("key", 2),
    name: "my laptop",
    hint: "ack_0aXy7p",
    scopes: [],
    user_id: id("usr", 1),
    created_at: "2026-09-02T10:00:00.000Z",
  },
  {
    id: id("key", 1),
    name: "old laptop",
    hint: "ack_M4nn1s",
    scopes: [],
    user_id: id("usr", 1),
    created_at: "2026-04-02T10:00:00.000Z",
    last_used_at: "2026-09-01T10:00:00.000Z",
    revoked_at: "2026-09-02T10:10:00.000Z",
  },
];

const SECRETS: SecretInfo[] = [
  {
    id: id("sec", 3),
    name: "NPM_TOKEN",
    scope: "organisation",
    phase: "setup",
    created_at: "2026-11-01T10:00:00.000Z",
    updated_at: "2026-11-20T10:00:00.000Z",
  },
  {
    id: id("sec", 2),
    name: "DATABASE_URL",
    scope: { environment_id: id("env", 1) },
    phase: "agent",
    created_at: "2026-10-12T10:00:00.000Z",
    updated_at: "2026-10-12T10:00:00.000Z",
  },
  {
    id: id("sec", 1),
    name: "SENTRY_AUTH_TOKEN",
    scope: "organisation",
    phase: "both",
    created_at: "2026-09-12T10:00:00.000Z",
    updated_at: "2026-09-12T10:00:00.000Z",
  },
];

const ADA = { type: "user" as const, user_id: id("usr", 1), name: "ada@acme.dev" };
const BO = { type: "user" as const, user_id: id("usr", 2), name: "bo@acme.dev" };
const CI = { type: "user" as const, user_id: id("usr", 20), name: "nightly build", api_key_id: id("key", 5) };
const MALLORY = { type: "user" as const, user_id: id("usr", 3), name: "chidi@acme.dev" };

/** Today's newest first, minutes ago from the scene's own clock. */
function records(): AuditRecord[] {
  const rows: [number, AuditRecord["actor"], string, Partial<AuditRecord>][] = [
    [2, ADA, "api_key.rotate", { target: id("key", 4) }],
    [9, CI, "session.delete", { target: id("ses", 7) }],
    [14, ADA, "secret.create", { target: id("sec", 3), details: { name: "NPM_TOKEN" } }],
    [21, MALLORY, "secret.create", { outcome: "denied" }],
    [22, MALLORY, "member.role", { outcome: "denied", target: id("usr", 3), details: { role: "admin" } }],
    [
      40,
      BO,
      "model_provider.create",
      { target: id("mpr", 1), outcome: "failed", details: { problem: "conflict" } },
    ],
    [
      55,
      { type: "system" },
      "secret.give_to_setup",
      { target: id("ses", 6), address: null, request_id: null },
    ],
    [58, { type: "system" }, "model_key.use", { target: id("ses", 6), address: null, request_id: null }],
    [1500, ADA, "invitation.create", { target: id("inv", 4), details: { role: "admin" } }],
    [1510, ADA, "user.sign_in", {}],
    [3100, { type: "operator" }, "link.redeem", { address: null, request_id: null }],
  ];
  const now = Date.now();
  return rows.map(([minutes, actor, action, more], at) => ({
    org_id: id("org", 1),
    seq: 1204 - at,
    at: new Date(now - minutes * 60_000).toISOString(),
    actor,
    action,
    outcome: "allowed",
    address: "198.51.100.23",
    request_id: `req_0${String(9000 - at).padStart(25, "0")}`,
    hash: `${(0x9f3a71c2 + at * 7919).toString(16)}${"5d0e".repeat(14)}`,
    ...more,
  }));
}

const LIMITS = {
  organisation_id: id("org", 1),
  requests: { per_s: 100, burst: 2000, remaining: 1963 },
  quotas: {
    sessions: { limit: 10_000, used: 412 },
    sandboxes: { limit: 20, used: 17 },
    turns: { limit: 8, used: 8 },
    members: { limit: 500, used: 6 },
    sockets: { limit: 1000, used: 14 },
    storage: { limit: 0, used: 8_412_000_000 },
  },
};

const sums = (runs: number, input: number, output: number, cost: number | null) => ({
  runs,
  completed: runs - 2,
  failed: 1,
  cancelled: 1,
  tokens: { input, output, cached: 0, reasoning: 0 },
  tool_calls: runs * 6,
  known_cost_micro_usd: cost ?? 0,
  cost_micro_usd: cost,
  unknown_cost_runs: cost === null ? runs : 0,
  queued_ms: 0,
  running_ms: runs * 61_000,
});

const USAGE: UsageReport = {
  group_by: ["model"],
  truncated: false,
  items: [
    { ...sums(318, 41_200_000, 2_310_000, 158_250_000), model: "anthropic/claude-sonnet-4-5" },
    { ...sums(41, 9_800_000, 610_000, 64_250_000), model: "anthropic/claude-opus-4-5" },
    { ...sums(12, 410_000, 52_000, null), model: "house/qwen3-coder" },
  ],
  total: {
    ...sums(371, 51_410_000, 2_972_000, null),
    known_cost_micro_usd: 222_500_000,
    unknown_cost_runs: 12,
  },
};

export function tenantAnswer(
  scene: Scene,
  method: string,
  path: string,
  body: Record<string, unknown>,
  url: URL,
): Answer | undefined {
  const tenant = scene.tenant ?? {};
  const organisation = tenant.organisation ?? ACME;
  const list = (items: readonly unknown[]): Answer => ({ status: 200, body: { items, next_cursor: null } });
  const reads = method === "GET";
  if (path === "/orgs")
    return reads ? list(tenant.organisations ?? [LAB, organisation]) : made({ ...LAB, ...body });
  const [, rest] = /^\/orgs\/[^/]+(\/.*)?$/.exec(path) ?? [];
  if (path.startsWith("/orgs/") && rest === undefined) {
    const deletion = method === "DELETE" && {
      requested_at: new Date().toISOString(),
      effective_at: "2026-12-01T09:00:00.000Z",
    };
    return { status: 200, body: { ...organisation, ...body, ...(deletion ? { deletion } : {}) } };
  }
  if (rest === "/restore") return { status: 200, body: { ...organisation, deletion: null } };
  if (rest === "/members") return list(tenant.members ?? MEMBERS);
  if (rest === "/invitations" && reads) return list(tenant.invitations ?? INVITATIONS);
  if (rest === "/invitations") {
    const link = `https://coordinator.acme.dev/invitation#token=${"7f3a9c1e".repeat(8)}`;
    return made({ ...invitation(9, body), link });
  }
  if (rest !== undefined) return { status: 204 };
  if (path === "/service-accounts")
    return reads ? list(tenant.accounts ?? ACCOUNTS) : made({ ...ACCOUNTS[0], ...body });
  if (path === "/secrets") return reads ? list(tenant.secrets ?? SECRETS) : made(SECRETS[0]);
  if (path === "/limits") return { status: 200, body: LIMITS };
  if (path === "/usage") return { status: 200, body: tenant.usage ?? USAGE };
  if (path === "/audit") return list((tenant.audit ?? records()).filter(asked(url.searchParams)));
  if (/^\/api-keys\/[^/]+\/rotate$/.test(path)) {
    return made({
      ...MANY_KEYS[0],
      key: `ack_${"0123456789abcdefghijklmnop".repeat(2).slice(0, 49)}`,
      replaced_expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    });
  }
  return undefined;
}

function made(body: unknown): Answer {
  return { status: 201, body };
}

function asked(query: URLSearchParams): (record: AuditRecord) => boolean {
  const action = query.get("action") ?? "";
  const outcome = query.get("outcome");
  return (record) => record.action.startsWith(action) && (outcome === null || record.outcome === outcome);
}

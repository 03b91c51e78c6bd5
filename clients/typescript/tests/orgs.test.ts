/** What an organisation is run with: what is sent where, and how the audit log is read. */
import { expect, test } from "vitest";
import { type AuditRecord, Coordinator, type CoordinatorOptions, NetworkError } from "../src/index.ts";
import { json, problem } from "./problem.ts";

type Step = () => Response;

/** A client whose server answers step by step; the last answer stays. */
function client(steps: Step[], options: CoordinatorOptions = {}) {
  const sent: { call: string; org: string | null; key: string | null; body: unknown }[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const url = new URL(request.url);
    const text = await request.clone().text();
    sent.push({
      call: `${request.method} ${url.pathname}${url.search}`,
      org: request.headers.get("Coordinator-Org"),
      key: request.headers.get("Idempotency-Key"),
      body: text === "" ? undefined : JSON.parse(text),
    });
    const step = steps[Math.min(sent.length, steps.length) - 1];
    if (step === undefined) throw new Error("no step");
    return step();
  };
  const coordinator = new Coordinator({ server: "http://server", apiKey: "ack_1", fetch, ...options });
  const told = () =>
    sent.map(({ call, body }) => (body === undefined ? call : `${call} ${JSON.stringify(body)}`));
  return { coordinator, sent, told };
}

const nothing = () => new Response(null, { status: 204 });
const done = () => json({});
const empty = () => json({ items: [] });

test("organisations, members and invitations are at their addresses", async () => {
  const { coordinator, told } = client([done]);
  const { orgs } = coordinator;
  await orgs.create({ slug: "acme" });
  await orgs.get("org_1");
  await orgs.rename("org_1", "Acme");
  await orgs.delete("org_1");
  await orgs.restore("org_1");
  await orgs.transfer("org_1", "usr_2");
  await orgs.leave("org_1");
  await orgs.members.setRole("org_1", "usr_2", "admin");
  await orgs.members.remove("org_1", "usr_2");
  await orgs.invitations.create("org_1", { role: "member", email: "bo@example.org" });
  await orgs.invitations.revoke("org_1", "inv_1");
  await orgs.invitations.preview("t");
  await orgs.invitations.accept("t");
  expect(told()).toEqual([
    'POST /v1/orgs {"slug":"acme"}',
    "GET /v1/orgs/org_1",
    'PATCH /v1/orgs/org_1 {"name":"Acme"}',
    "DELETE /v1/orgs/org_1",
    "POST /v1/orgs/org_1/restore",
    'POST /v1/orgs/org_1/transfer {"user_id":"usr_2"}',
    "POST /v1/orgs/org_1/leave",
    'PATCH /v1/orgs/org_1/members/usr_2 {"role":"admin"}',
    "DELETE /v1/orgs/org_1/members/usr_2",
    'POST /v1/orgs/org_1/invitations {"role":"member","email":"bo@example.org"}',
    "DELETE /v1/orgs/org_1/invitations/inv_1",
    'POST /v1/invitations/preview {"token":"t"}',
    'POST /v1/invitations/accept {"token":"t"}',
  ]);
});

test("keys, service accounts and secrets", async () => {
  const { coordinator, told, sent } = client([done]);
  await coordinator.apiKeys.create({ name: "ci", service_account: "usr_9", scopes: ["audit:read"] });
  await coordinator.apiKeys.update("key_1", { name: "CI", rate_per_s: null });
  await coordinator.apiKeys.rotate("key_1", { overlap_s: 3600 }, { idempotencyKey: "mine" });
  await coordinator.apiKeys.rotate("key_1");
  await coordinator.serviceAccounts.create({ name: "nightly" });
  await coordinator.serviceAccounts.update("usr_9", { role: "viewer" });
  await coordinator.serviceAccounts.delete("usr_9");
  const scope = { environment_id: "env_1" };
  await coordinator.secrets.create({ name: "TOKEN", value: "abcdef", scope, phase: "setup" });
  await coordinator.secrets.update("sec_1", { value: "ghijkl" });
  await coordinator.secrets.get("sec_1");
  await coordinator.secrets.delete("sec_1");
  expect(told()).toEqual([
    'POST /v1/api-keys {"name":"ci","service_account":"usr_9","scopes":["audit:read"]}',
    'PATCH /v1/api-keys/key_1 {"name":"CI","rate_per_s":null}',
    'POST /v1/api-keys/key_1/rotate {"overlap_s":3600}',
    "POST /v1/api-keys/key_1/rotate {}",
    'POST /v1/service-accounts {"name":"nightly"}',
    'PATCH /v1/service-accounts/usr_9 {"role":"viewer"}',
    "DELETE /v1/service-accounts/usr_9",
    'POST /v1/secrets {"name":"TOKEN","value":"abcdef","scope":{"environment_id":"env_1"},"phase":"setup"}',
    'PATCH /v1/secrets/sec_1 {"value":"ghijkl"}',
    "GET /v1/secrets/sec_1",
    "DELETE /v1/secrets/sec_1",
  ]);
  expect(sent[2]?.key).toBe("mine");
  expect(sent[3]?.key).toMatch(/^[0-9a-f]{32}$/);
});

test("lists have pages, limits and usage have their question", async () => {
  const { coordinator, told } = client([empty]);
  expect(await coordinator.orgs.list()).toEqual({ items: [], next_cursor: null });
  await coordinator.orgs.members.list("org_1", { limit: 5 });
  await coordinator.orgs.invitations.list("org_1", { cursor: "c" });
  await coordinator.serviceAccounts.list();
  await coordinator.secrets.list({ environment_id: "env_1" });
  await coordinator.limits.get();
  await coordinator.limits.usage({ group_by: "model,user", from: "2026-11-01T00:00:00Z" });
  expect(told()).toEqual([
    "GET /v1/orgs",
    "GET /v1/orgs/org_1/members?limit=5",
    "GET /v1/orgs/org_1/invitations?cursor=c",
    "GET /v1/service-accounts",
    "GET /v1/secrets?environment_id=env_1",
    "GET /v1/limits",
    "GET /v1/usage?group_by=model%2Cuser&from=2026-11-01T00%3A00%3A00Z",
  ]);
});

test("the organisation can be chosen anew for every request", async () => {
  let org: string | undefined = "org_1";
  const { coordinator, sent } = client([empty], { org: () => org });
  await coordinator.secrets.list();
  org = "org_2";
  await coordinator.secrets.list();
  org = undefined;
  await coordinator.secrets.list();
  expect(sent.map((each) => each.org)).toEqual(["org_1", "org_2", null]);
});

const record = (seq: number): AuditRecord => ({
  org_id: "org_1",
  seq,
  at: "2026-11-24T12:00:00Z",
  actor: { type: "system" },
  action: "session.delete",
  outcome: "allowed",
  hash: "00",
});

test("records are read page by page, as far as somebody reads", async () => {
  const { coordinator, told } = client([
    () => json({ items: [record(3), record(2)], next_cursor: "c 1" }),
    () => json({ items: [record(1)], next_cursor: null }),
  ]);
  const seqs: number[] = [];
  for await (const { seq } of coordinator.audit.records({ action: "session.", outcome: "denied" }))
    seqs.push(seq);
  expect(seqs).toEqual([3, 2, 1]);
  expect(told()).toEqual([
    "GET /v1/audit?action=session.&outcome=denied&limit=200",
    "GET /v1/audit?action=session.&outcome=denied&limit=200&cursor=c%201",
  ]);
  const { coordinator: other, sent } = client([() => json({ items: [record(9)], next_cursor: "more" })]);
  for await (const _ of other.audit.records()) break;
  expect(sent).toHaveLength(1);
});

/** A body that comes in pieces, cut where nothing ends. */
function pieces(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

test("a chain is read line by line, wherever it is cut", async () => {
  const lines = [
    { start: { seq: 0 } },
    { record: { ...record(1), details: { name: "Größe" } } },
    { head: { seq: 1 } },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  for (const size of [1, 7, 1000]) {
    const { coordinator, told } = client([() => new Response(pieces(text, size))]);
    const read: unknown[] = [];
    for await (const line of coordinator.audit.chain()) read.push(line);
    expect(read).toEqual(lines);
    expect(told()).toEqual(["GET /v1/audit?format=ndjson"]);
  }
});

test("an export that breaks off is no export", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"start":{}}\n{"rec')),
        pull: (controller) => controller.error(new TypeError("terminated")),
      }),
    );
  const { coordinator } = client([broken]);
  const reading = async () => {
    for await (const _ of coordinator.audit.chain());
  };
  await expect(reading()).rejects.toBeInstanceOf(NetworkError);
  const { coordinator: cut } = client([() => new Response('{"start":{}}\n{"rec')]);
  const all = async () => {
    for await (const _ of cut.audit.chain());
  };
  await expect(all()).rejects.toBeInstanceOf(NetworkError);
});

test("a table is asked for with its filter, and a refusal is typed", async () => {
  const { coordinator, told } = client([() => new Response("seq,at\n")]);
  const table = await coordinator.audit.csv({ action: "api_key.", since: "2026-11-01T00:00:00Z" });
  expect(await new Response(table).text()).toBe("seq,at\n");
  expect(told()).toEqual(["GET /v1/audit?format=csv&action=api_key.&since=2026-11-01T00%3A00%3A00Z"]);
  const { coordinator: refused } = client([() => problem(403, "forbidden"), nothing]);
  await expect(refused.audit.csv()).rejects.toMatchObject({ status: 403, code: "forbidden" });
});

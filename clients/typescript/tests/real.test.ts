/** The SDK against the real server: real sandboxes, the real agent, the demo model. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  applyAll,
  Coordinator,
  type CoordinatorOptions,
  emptyView,
  type FeedItem,
  type LiveItem,
  type OrgEvent,
  rowOf,
  type SessionHandle,
  type SessionView,
  type Turn,
} from "../src/index.ts";
import { missing, RealServer, root } from "./server.ts";

const DEMO = { agent: "opencode", model: "demo/scripted" };
const MINUTES = 60_000;

if (missing !== undefined) {
  if (process.env.CI === "true") throw new Error(missing);
  console.warn(`skipped: ${missing}`);
}

/** Both ways that a stream can travel. */
const ways: [string, CoordinatorOptions][] = [["server-sent events", { WebSocket: false }]];
if (typeof globalThis.WebSocket === "function") ways.push(["WebSocket", {}]);

describe.skipIf(missing !== undefined)("the real server", { timeout: 3 * MINUTES }, () => {
  let server: RealServer;

  beforeAll(async () => {
    server = await RealServer.start();
  }, MINUTES);

  afterAll(async () => {
    await server?.stop();
  }, MINUTES);

  function client(options: CoordinatorOptions = {}): Coordinator {
    return new Coordinator({ server: server.url, apiKey: server.key, ...options });
  }

  test("the quickstart of the README, as it is written", () => {
    const program = quickstart();
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(6);
    execFileSync("npm", ["run", "build", "-w", "@agent-coordinator/client"], { cwd: root, stdio: "pipe" });
    const place = mkdtempSync(join(tmpdir(), "quickstart-"));
    try {
      mkdirSync(join(place, "node_modules/@agent-coordinator"), { recursive: true });
      symlinkSync(join(root, "clients/typescript"), join(place, "node_modules/@agent-coordinator/client"));
      writeFileSync(join(place, "quickstart.mjs"), program);
      const env = { PATH: process.env.PATH, COORDINATOR_SERVER: server.url, COORDINATOR_API_KEY: server.key };
      const printed = execFileSync(process.execPath, ["quickstart.mjs"], {
        cwd: place,
        env,
        encoding: "utf8",
        timeout: 2 * MINUTES,
      });
      expect(printed).toContain("Linux");
      expect(printed).toContain("prompt.completed");
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test.each(ways)("a server that is killed in mid stream: no gap, no double (%s)", async (_way, options) => {
    const session = await client(options).sessions.create({ ...DEMO, prompt: "slow: 200" });
    const items: LiveItem[] = [];
    let killed: Promise<void> | undefined;
    for await (const item of session.live()) {
      items.push(item);
      const deltas = items.filter(({ kind }) => kind === "delta").length;
      if (deltas === 20 && killed === undefined) killed = server.crash().then(() => server.run());
      if (item.kind === "event" && /^prompt\.(completed|failed)$/.test(item.event.type)) break;
    }
    await killed;
    expect(killed).toBeDefined();
    const seqs = items.flatMap((item) => (item.kind === "event" ? [item.event.seq] : []));
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1));
    const states = items.flatMap((item) => (item.kind === "connection" ? [item.state] : []));
    expect(states).toContain("lost");
    expect(states.at(-1)).toBe("open");

    const live = applyAll(emptyView(), items);
    const [turn] = live.turns;
    expect(turn?.status).toBe("completed");
    const types = items.flatMap((item) => (item.kind === "event" ? [item.event.type] : [])).join(" ");
    expect(words(turn), types).toBe(200);
    // Whoever comes later sees the same.
    expect(await replayed(session, live.head)).toEqual(live);
    await session.delete();
  });

  test.each(ways)("the feed of the organisation, across a kill (%s)", async (_way, options) => {
    const coordinator = client(options);
    const stop = new AbortController();
    const items: FeedItem[] = [];
    const following = (async () => {
      for await (const item of coordinator.feed({ signal: stop.signal })) items.push(item);
    })();
    following.catch(() => {});
    const heard = () => items.flatMap((item) => (item.kind === "event" ? [item.event] : []));
    const hears = (what: (event: OrgEvent) => boolean) =>
      vi.waitFor(() => expect(heard().some(what), JSON.stringify(heard())).toBe(true), {
        timeout: MINUTES,
        interval: 50,
      });
    // Not the last item: what else the organisation does may be told after it.
    await vi.waitFor(() => expect(items.map(({ kind }) => kind)).toContain("caught_up"), {
      timeout: MINUTES,
    });
    const session = await coordinator.sessions.create({ ...DEMO, title: "Followed", prompt: "slow: 60" });
    const ours = (event: OrgEvent) => event.session_id === session.id;
    await hears((event) => ours(event) && rowOf(event)?.status === "running");
    await server.crash();
    await server.run();
    await hears((event) => ours(event) && event.type === "run.recorded");
    await hears((event) => ours(event) && event.data.previous === "running" && event.data.status === "idle");

    // The list can be kept from the feed alone.
    const { items: rows } = await coordinator.sessions.list();
    const listed = rows.find(({ id }) => id === session.id);
    const told = heard()
      .filter(ours)
      .flatMap((event) => rowOf(event) ?? []);
    expect({ ...told.at(-1), updated_at: "" }).toEqual({ ...listed, updated_at: "" });
    const seqs = heard().map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from(seqs, (_, at) => (seqs[0] ?? 0) + at));
    expect(
      heard()
        .filter(ours)
        .map(({ type }) => type)[0],
    ).toBe("session.created");

    await session.delete();
    await hears((event) => ours(event) && event.type === "session.deleted");
    stop.abort();
    await following;
    // Whoever follows later gets the same events in the same places; what they said of the session is gone with it.
    await vi.waitFor(
      async () => {
        const later: OrgEvent[] = [];
        for await (const item of coordinator.feed({ after: (seqs[0] ?? 1) - 1 })) {
          if (item.kind === "event") later.push(item.event);
          if (item.kind === "caught_up") break;
        }
        const places = (events: OrgEvent[]) => events.map(({ seq, type }) => `${seq} ${type}`);
        expect(places(later)).toEqual(places(heard()));
        expect(later.filter(ours).map(({ data }) => data)).toEqual(later.filter(ours).map(() => ({})));
      },
      { timeout: MINUTES, interval: 200 },
    );
  });

  test("the fold is what the server says", async () => {
    const coordinator = client();
    const session = await coordinator.sessions.create({ ...DEMO, title: "Mine" });
    await session.prompt("run: echo one\nplan: +look; >mend\nthink: hm\nsay: Größe **x**", {
      attachments: [],
    });
    const queued = await session.prompt("say: never");
    await session.cancel(queued.id);
    await session.prompt("write: a/b.txt=hello\nsay: written");
    const view = await until(
      session,
      (now) => now.turns.length === 3 && now.turns[2]?.status === "completed",
    );
    const said = await session.get();
    // Metering may still add a line after the turn has ended: fold up to what was said.
    const told = await replayed(session, said.head);
    expect(told).toMatchObject({
      head: said.head,
      status: said.status,
      title: "Mine",
      agent: said.agent,
      model: said.model,
      queue: said.queue,
      runningPromptId: said.running_prompt_id ?? null,
      tokens: said.tokens,
      costMicroUsd: said.cost_micro_usd ?? null,
    });
    const { items } = await session.prompts();
    expect(told.turns.map(({ promptId, status, text }) => [promptId, status, text])).toEqual(
      items.map(({ id, status, text }) => [id, status, text]),
    );
    expect(view.plan.map(({ content }) => content)).toEqual(["look", "mend"]);
    const kinds = view.turns[0]?.entries.map(({ kind }) => kind);
    expect(kinds).toContain("tool");
    expect(kinds).toContain("reasoning");
    expect(await session.diff()).toContain("+hello");
    expect(new TextDecoder().decode((await session.file("a/b.txt")) as Uint8Array)).toBe("hello");
    expect(await session.file("a")).toMatchObject([{ name: "b.txt" }]);
    const { items: runs } = await coordinator.runs.list({ session: session.id });
    expect(runs).toHaveLength(3);
    const { items: listed } = await coordinator.sessions.list({ q: "mine", limit: 5 });
    expect(listed.map(({ id }) => id)).toEqual([session.id]);
    await session.rename("Yours");
    expect((await session.get()).title).toBe("Yours");
    await session.delete();
  });

  test("a permission is asked and answered", async () => {
    const session = await client().sessions.create({
      ...DEMO,
      permissions: "ask",
      prompt: "run: echo allowed",
    });
    const asked = await until(session, ({ pending }) => pending.permissions.length > 0);
    expect(asked.status === "waiting" || asked.status === "running").toBe(true);
    const [id = ""] = asked.pending.permissions;
    await session.answerPermission(id, "once");
    await expect(session.answerPermission(id, "once")).rejects.toMatchObject({
      status: 409,
      code: "already_answered",
    });
    const view = await until(session, ended);
    expect(view.turns[0]?.entries.find(({ kind }) => kind === "permission")).toMatchObject({
      permissionId: id,
      reply: "once",
      resolved: true,
    });
    expect(view.turns[0]?.entries.find(({ kind }) => kind === "tool")).toMatchObject({
      status: "completed",
      exitCode: 0,
      output: expect.stringContaining("allowed"),
    });
    await session.delete();
  });

  test("questions are answered and declined", async () => {
    const session = await client().sessions.create({ ...DEMO, prompt: "ask: Which colour? Red | Blue" });
    const asked = await until(session, ({ pending }) => pending.questions.length > 0);
    await session.answerQuestion(asked.pending.questions[0] ?? "", [["Blue"]]);
    const view = await until(session, ended);
    expect(view.turns[0]?.entries.find(({ kind }) => kind === "question")).toMatchObject({
      answers: [["Blue"]],
      rejected: false,
      questions: [{ question: "Which colour?", options: [{ label: "Red" }, { label: "Blue" }] }],
    });
    await session.prompt("ask: And now? Yes | No");
    const again = await until(
      session,
      ({ pending, turns }) => turns.length === 2 && pending.questions.length > 0,
    );
    await session.rejectQuestion(again.pending.questions[0] ?? "");
    const over = await until(session, (now) => now.turns.length === 2 && ended(now));
    expect(over.turns[1]?.entries.find(({ kind }) => kind === "question")).toMatchObject({ rejected: true });
    await session.delete();
  });

  test("attachments arrive, and can be had again", async () => {
    const picture = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const coordinator = client();
    const session = await coordinator.sessions.create({
      ...DEMO,
      prompt: "say: seen",
      attachments: [new File([picture], "dot.png", { type: "image/png" })],
    });
    const view = await until(session, ended);
    const [turn] = view.turns;
    expect(turn?.attachments).toEqual([
      { name: "dot.png", media_type: "image/png", size_bytes: picture.length },
    ]);
    const url = session.attachmentUrl(turn?.promptId ?? "", 0);
    const response = await fetch(url, { headers: { Authorization: `Bearer ${server.key}` } });
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true);
    await session.delete();
  });

  test("refusals are typed", async () => {
    const coordinator = client();
    const me = await coordinator.me();
    expect(me).toMatchObject({
      user: { email: "ada@example.org" },
      organisation: { slug: "acme" },
      role: "owner",
    });
    await expect(client({ apiKey: "ack_wrong" }).me()).rejects.toMatchObject({
      status: 401,
      code: "unauthenticated",
    });
    const stranger = coordinator.sessions.open("ses_00000000000000000000000000");
    await expect(stranger.get()).rejects.toMatchObject({ status: 404, code: "not_found" });
    await expect(
      coordinator.sessions.create({ agent: "opencode", model: "nobody/none" }),
    ).rejects.toMatchObject({
      status: 422,
      code: "model_unavailable",
      requestId: expect.stringMatching(/^req_/),
    });
    await expect(coordinator.sessions.list({ limit: 0 })).rejects.toMatchObject({
      status: 400,
      field: "limit",
    });
    for (const [, options] of ways) {
      const wrong = client({ ...options, apiKey: "ack_wrong" }).sessions.open(stranger.id);
      await expect(first(wrong)).rejects.toMatchObject({ status: 401 });
      await expect(first(client(options).sessions.open(stranger.id))).rejects.toMatchObject({ status: 404 });
    }
  });

  test("the same key twice is one session; a deleted one ends its stream", async () => {
    const coordinator = client();
    const key = `once-${Date.now()}`;
    const one = await coordinator.sessions.create({ ...DEMO, title: "One" }, { idempotencyKey: key });
    const two = await coordinator.sessions.create({ ...DEMO, title: "One" }, { idempotencyKey: key });
    expect(two.id).toBe(one.id);
    await expect(
      coordinator.sessions.create({ ...DEMO, title: "Other" }, { idempotencyKey: key }),
    ).rejects.toMatchObject({ code: "idempotency_conflict" });
    const types: string[] = [];
    const reading = (async () => {
      for await (const item of one.live()) {
        if (item.kind === "event") types.push(item.event.type);
        if (item.kind === "caught_up") await two.delete();
      }
    })();
    await reading;
    expect(types).toContain("session.deleted");
    await expect(one.get()).rejects.toMatchObject({ status: 404 });
  });

  test("members, accounts, rotation, secrets, limits, and the log that has it all", async () => {
    const coordinator = client();
    const { organisation, user } = await coordinator.me();
    const org = organisation?.id ?? "";
    const { orgs, serviceAccounts, secrets, apiKeys, audit } = coordinator;
    expect((await orgs.get(org)).slug).toBe("acme");
    expect((await orgs.members.list(org)).items.map(({ user_id }) => user_id)).toContain(user.id);
    const invited = await orgs.invitations.create(org, { role: "viewer" });
    const token = invited.link?.split("#token=")[1] ?? "";
    expect(await orgs.invitations.preview(token)).toMatchObject({ role: "viewer" });
    await orgs.invitations.revoke(org, invited.id);
    await expect(orgs.invitations.preview(token)).rejects.toMatchObject({ code: "invitation_expired" });

    const account = await serviceAccounts.create({ name: "nightly", role: "viewer" });
    const old = await apiKeys.create({ name: "ci", service_account: account.id });
    const fresh = await apiKeys.rotate(old.id, { overlap_s: 60 });
    for (const key of [old, fresh]) {
      expect((await client({ apiKey: key.key ?? "" }).me()).user.id).toBe(account.id);
    }
    const listed = (await apiKeys.list()).items.find(({ id }) => id === old.id);
    expect(listed).toMatchObject({ replaced_by: fresh.id, expires_at: fresh.replaced_expires_at });
    await apiKeys.update(fresh.id, { name: "ci 2", scopes: ["sessions:read"], rate_per_s: 5 });
    await serviceAccounts.delete(account.id);
    await expect(client({ apiKey: fresh.key ?? "" }).me()).rejects.toMatchObject({ status: 401 });

    const secret = await secrets.create({
      name: "NPM_TOKEN",
      value: "nobody sees this",
      scope: "organisation",
      phase: "setup",
    });
    await secrets.update(secret.id, { phase: "both" });
    expect(JSON.stringify(await secrets.list())).not.toContain("nobody sees this");
    await secrets.delete(secret.id);
    expect((await coordinator.limits.get()).quotas.members.used).toBeGreaterThan(0);
    expect((await coordinator.limits.usage({ group_by: "model" })).group_by).toEqual(["model"]);

    const actions: string[] = [];
    for await (const record of audit.records({ target: secret.id })) actions.push(record.action);
    expect(actions).toEqual(["secret.delete", "secret.update", "secret.create"]);
    const seqs: number[] = [];
    let last = "";
    for await (const line of audit.chain()) {
      last = Object.keys(line)[0] ?? "";
      if ("record" in line) seqs.push(line.record.seq);
    }
    expect(last).toBe("head");
    expect(seqs).toEqual(seqs.map((_, at) => (seqs[0] ?? 0) + at));
    const table = await new Response(await audit.csv({ action: "api_key." })).text();
    expect(table).toContain("api_key.rotate");
    expect(table).not.toContain("secret.create");
  });

  test("keys, providers and environments", async () => {
    const coordinator = client();
    const key = await coordinator.apiKeys.create({ name: "sdk" });
    expect((await client({ apiKey: key.key ?? "" }).me()).api_key_id).toBe(key.id);
    await coordinator.apiKeys.revoke(key.id);
    await expect(client({ apiKey: key.key ?? "" }).me()).rejects.toMatchObject({ status: 401 });

    const draft = {
      provider: "closed",
      api: "openai-chat" as const,
      base_url: "https://203.0.113.1/v1",
      api_key: "k",
    };
    const made = await coordinator.modelProviders.create(draft);
    expect((await coordinator.modelProviders.list()).items.map(({ id }) => id)).toContain(made.id);
    await coordinator.modelProviders.update(made.id, { models: ["one"].map((id) => ({ id })) });
    await coordinator.modelProviders.delete(made.id);

    const environment = await coordinator.environments.create({ name: "node", setup: ["npm ci"] });
    await coordinator.environments.update(environment.id, { setup: ["npm install"] });
    expect((await coordinator.environments.get(environment.id)).setup).toEqual(["npm install"]);
    await coordinator.environments.delete(environment.id);
    expect((await coordinator.models()).items.map(({ id }) => id)).toContain("demo/scripted");
    expect((await coordinator.agents()).map(({ name }) => name)).toContain("opencode");
  });
});

/** The first JavaScript of the README's section for programs. */
function quickstart(): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = readme.split("\n## From a program\n")[1]?.split("\n## ")[0] ?? "";
  const code = /```js\n([\s\S]*?)```/.exec(section)?.[1];
  if (code === undefined) throw new Error("the README has no quickstart");
  return code;
}

/** The view as soon as it is as wanted. */
async function until(session: SessionHandle, wanted: (view: SessionView) => boolean): Promise<SessionView> {
  let view = emptyView();
  for await (const item of session.live({ signal: AbortSignal.timeout(2 * MINUTES) })) {
    view = applyAll(view, [item]);
    if (wanted(view)) return view;
  }
  throw new Error(`it did not come to that: ${JSON.stringify(view.why)}`);
}

function ended(view: SessionView): boolean {
  return (
    view.turns.length > 0 && view.turns.every(({ status }) => status !== "queued" && status !== "running")
  );
}

async function replayed(session: SessionHandle, head: number): Promise<SessionView> {
  let view = emptyView();
  if (head === 0) return view;
  for await (const event of session.events({ signal: AbortSignal.timeout(MINUTES) })) {
    view = applyAll(view, [{ kind: "event", event }]);
    if (event.seq >= head) break;
  }
  return view;
}

async function first(session: SessionHandle): Promise<unknown> {
  for await (const event of session.events({ signal: AbortSignal.timeout(20_000) })) return event;
  return undefined;
}

function words(turn: Turn | undefined): number {
  const texts = turn?.entries.flatMap((entry) => (entry.kind === "text" ? [entry.text] : [])) ?? [];
  return texts.join(" ").split(/\s+/).filter(Boolean).length;
}

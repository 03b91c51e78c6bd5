/** Accounts: what is sent, what is never sent twice, and what is remembered. */
import { expect, test } from "vitest";
import { Coordinator, NetworkError, SecondFactorRequired } from "../src/index.ts";
import { json, problem } from "./problem.ts";

/** A browser's client whose server answers step by step; the last answer stays. */
function browser(...steps: (() => Response)[]) {
  const sent: { call: string; csrf: string | null; body: unknown }[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const url = new URL(request.url);
    const text = await request.clone().text();
    sent.push({
      call: `${request.method} ${url.pathname}${url.search}`,
      csrf: request.headers.get("Coordinator-CSRF"),
      body: text === "" ? undefined : JSON.parse(text),
    });
    const step = steps[Math.min(sent.length, steps.length) - 1];
    if (step === undefined) throw new Error("no step");
    return step();
  };
  const { auth, orgs } = new Coordinator({ server: "http://server", apiKey: undefined, fetch });
  return { auth, invitations: orgs.invitations, sent };
}

const signedIn = () => json({ me: { csrf_token: "csrf_1" }, csrf_token: "csrf_1" });
const nothing = () => new Response(null, { status: 204 });
const unreachable = () => {
  throw new TypeError("fetch failed");
};

test("a right password may ask for a code, which then signs in", async () => {
  const needed = { second_factor: true, challenge: "chl", expires_at: "2026-11-24T12:05:00Z" };
  const { auth, sent } = browser(() => json(needed), signedIn, nothing);
  const error = await auth.signIn({ email: "a@b", password: "p" }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(SecondFactorRequired);
  expect(error).toMatchObject({ challenge: "chl", expiresAt: "2026-11-24T12:05:00Z" });
  expect(JSON.stringify(error)).not.toContain('"p"');
  await auth.signInWithCode({ challenge: "chl", code: "123456" });
  await auth.signOutBrowser("brw_1");
  expect(sent.slice(1)).toEqual([
    { call: "POST /v1/auth/sign-in/second-factor", csrf: null, body: { challenge: "chl", code: "123456" } },
    { call: "DELETE /v1/auth/sessions/brw_1", csrf: "csrf_1", body: undefined },
  ]);
});

test("what sends a message or uses something up is sent once", async () => {
  const words = { token: "t", password: "p" };
  const calls: ((auth: Coordinator["auth"]) => Promise<unknown>)[] = [
    (auth) => auth.signUp({ email: "a@b", password: "p", invitation: "i" }),
    (auth) => auth.verifyEmail(words),
    (auth) => auth.requestReset("a@b"),
    (auth) => auth.confirmReset(words),
    (auth) => auth.startTotp(),
    (auth) => auth.confirmTotp("123456"),
    (auth) => auth.removeTotp({ code: "123456" }),
  ];
  for (const call of calls) {
    const { auth, sent } = browser(unreachable);
    await expect(call(auth)).rejects.toBeInstanceOf(NetworkError);
    expect(sent).toHaveLength(1);
  }
});

test("proving an address signs in", async () => {
  const { auth, sent } = browser(() => json({ message: "sent" }, 202), signedIn, nothing);
  expect(await auth.signUp({ email: "a@b", password: "p" })).toEqual({ message: "sent" });
  await auth.verifyEmail({ token: "t", password: "p" });
  await auth.signOutEverywhere();
  expect(sent).toEqual([
    { call: "POST /v1/auth/sign-up", csrf: null, body: { email: "a@b", password: "p" } },
    { call: "POST /v1/auth/verify-email", csrf: null, body: { token: "t", password: "p" } },
    { call: "POST /v1/auth/sign-out-everywhere", csrf: "csrf_1", body: {} },
  ]);
});

test("a reset takes the token and signs nobody in", async () => {
  const { auth, sent } = browser(nothing);
  await auth.confirmReset({ token: "t", password: "p" });
  await auth.signOutBrowser("brw_1");
  expect(sent.map(({ call, csrf }) => [call, csrf])).toEqual([
    ["POST /v1/auth/reset/confirm", null],
    ["DELETE /v1/auth/sessions/brw_1", null],
  ]);
});

test("the token of a browser that signed itself out everywhere is forgotten", async () => {
  const { auth, sent } = browser(signedIn, nothing, nothing);
  await auth.redeemLink("t");
  await auth.signOutEverywhere({ include_current: true });
  await auth.signOutBrowser("brw_1");
  expect(sent.map(({ csrf }) => csrf)).toEqual([null, "csrf_1", null]);
});

test("browsers and the second factor", async () => {
  const laptop = { id: "brw_1", current: true };
  const { auth, sent } = browser(
    () => json({ items: [laptop], next_cursor: null }),
    () => json({ secret: "ABC", uri: "otpauth://totp/x?secret=ABC" }),
    () => json({ recovery_codes: ["aaaa-bbbb", "cccc-dddd"] }),
    nothing,
  );
  expect(await auth.browsers()).toEqual([laptop]);
  expect(await auth.startTotp()).toMatchObject({ secret: "ABC" });
  expect(await auth.confirmTotp("123456")).toEqual(["aaaa-bbbb", "cccc-dddd"]);
  await auth.removeTotp({ password: "p" });
  expect(sent.map(({ call }) => call)).toEqual([
    "GET /v1/auth/sessions",
    "POST /v1/auth/totp",
    "POST /v1/auth/totp/confirm",
    "DELETE /v1/auth/totp",
  ]);
  expect(sent[3]?.body).toEqual({ password: "p" });
});

test("providers, identities and where a browser goes", async () => {
  const ways = { password: true, sign_up: "open", providers: [{ id: "g", name: "G", kind: "oidc" }] };
  const identity = { id: "idn_1", provider: "g", email: "a@b" };
  const { auth, sent } = browser(
    () => json(ways),
    () => json({ items: [identity], next_cursor: null }),
    () => json({ url: "https://provider/authorize" }),
    () => json({ url: "https://provider/authorize" }),
    nothing,
    () => problem(409, "conflict"),
  );
  expect(await auth.providers()).toEqual(ways);
  expect(await auth.identities()).toEqual([identity]);
  expect(await auth.linkProvider("a/b", { return_to: "/settings/profile" })).toEqual({
    url: "https://provider/authorize",
  });
  await auth.startProvider("g", { invitation: "tok" });
  await auth.unlinkIdentity("idn_1");
  await expect(auth.unlinkIdentity("idn_1")).rejects.toMatchObject({ status: 409, code: "conflict" });
  expect(sent[2]).toMatchObject({
    call: "POST /v1/auth/providers/a%2Fb/link",
    body: { return_to: "/settings/profile" },
  });
  expect(sent[3]).toMatchObject({ call: "POST /v1/auth/providers/g/start", body: { invitation: "tok" } });
  expect(auth.providerUrl("g", "/invitation?x=1")).toBe(
    "http://server/v1/auth/providers/g/start?return_to=%2Finvitation%3Fx%3D1",
  );
});

test("an invitation is looked at and accepted; its token is in the body alone", async () => {
  const { invitations, sent } = browser(
    () => json({ organisation: "Acme", role: "member", expires_at: "2026-12-01T00:00:00Z" }),
    () => json({ id: "org_1", slug: "acme" }),
    () => problem(410, "invitation_expired"),
  );
  expect(await invitations.preview("tok")).toMatchObject({ organisation: "Acme" });
  expect(await invitations.accept("tok")).toMatchObject({ slug: "acme" });
  await expect(invitations.accept("tok")).rejects.toMatchObject({ code: "invitation_expired" });
  expect(sent.map(({ call }) => call).join()).not.toContain("tok");
  expect(sent.map(({ body }) => body)).toEqual(Array(3).fill({ token: "tok" }));
});

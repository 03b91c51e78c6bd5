/** Signing up, in, and linking through a real issuer of OpenID Connect, at the real server, without its pages. */
import { type APIRequestContext, expect, request as playwright, test } from "@playwright/test";
import { Issuer } from "./support/issuer.ts";
import { Server } from "./support/server.ts";

let issuer: Issuer;
let server: Server;

test.beforeAll(async () => {
  issuer = await Issuer.up();
  server = await Server.up({ ...issuer.settings("corp"), COORDINATOR_SIGN_UP: "open" });
  // Only now its port is known, which stands in the address that the issuer sends browsers back to.
  await server.kill9();
  await server.restart();
});

test.afterAll(async () => {
  await server?.stop();
  issuer?.down();
});

interface Me {
  user: { email: string };
  csrf_token: string;
}

/** Somebody with cookies of their own. */
async function browser(): Promise<APIRequestContext> {
  return playwright.newContext({ baseURL: server.url });
}

async function start(as: APIRequestContext, name: string): Promise<string> {
  const url = `${server.url}/v1/auth/providers/corp/start?return_to=/sessions`;
  const end = await issuer.visit(as, url, name);
  expect(end.status()).toBe(303);
  return end.headers().location ?? "";
}

async function me(as: APIRequestContext): Promise<Me> {
  const answer = await as.get("/v1/me");
  expect(answer.status()).toBe(200);
  return (await answer.json()) as Me;
}

test("a person signs up through the issuer, and in again elsewhere", async () => {
  const first = await browser();
  expect(await start(first, "ana")).toBe("/sessions");
  expect((await me(first)).user.email).toBe("ana@example.org");
  const elsewhere = await browser();
  expect(await start(elsewhere, "ana")).toBe("/sessions");
  expect((await me(elsewhere)).user.email).toBe("ana@example.org");
  const own = await (await elsewhere.get("/v1/auth/identities")).json();
  expect(own.items).toHaveLength(1);
  expect(own.items[0]).toMatchObject({ provider: "corp", name: "ana", email: "ana@example.org" });
});

test("an address that the issuer does not vouch for makes no account", async () => {
  const as = await browser();
  expect(await start(as, "unverified-eve")).toBe("/sign-in?trouble=email_not_verified");
  expect((await as.get("/v1/me")).status()).toBe(401);
});

test("an account is opened by an identity that its owner linked, and by no other", async () => {
  const { link } = await server.invite("bo@example.org", "bo");
  const stranger = await browser();
  expect(await start(stranger, "bo")).toBe("/sign-in?trouble=identity_not_linked");

  const owner = await browser();
  const token = new URL(link).hash.slice("#token=".length);
  expect((await owner.post("/v1/auth/link", { data: { token } })).status()).toBe(200);
  const { csrf_token } = await me(owner);
  const begun = await owner.post("/v1/auth/providers/corp/link", {
    data: { return_to: "/settings/profile" },
    headers: { "Coordinator-CSRF": csrf_token },
  });
  expect(begun.status()).toBe(200);
  const { url } = (await begun.json()) as { url: string };
  const end = await issuer.visit(owner, url, "bo");
  expect(end.headers().location).toBe("/settings/profile");

  expect(await start(stranger, "bo")).toBe("/sessions");
  expect((await me(stranger)).user.email).toBe("bo@example.org");
});

test("what the issuer sent one browser is worth nothing in another, or again", async () => {
  const [victim, attacker] = [await browser(), await browser()];
  // The attacker signs in at the issuer and keeps the last address for the victim.
  let kept = "";
  const keeping: APIRequestContext = Object.create(attacker, {
    get: {
      value: (to: string, options: object) => {
        if (to.includes("/callback?")) kept = to;
        return to.includes("/callback?") ? attacker.get("/health") : attacker.get(to, options);
      },
    },
    post: { value: (to: string, options: object) => attacker.post(to, options) },
  });
  await issuer.visit(keeping, `${server.url}/v1/auth/providers/corp/start`, "eve");
  expect(kept).toContain("state=");
  const answer = await victim.get(kept, { maxRedirects: 0 });
  expect(answer.headers().location).toBe("/sign-in?trouble=provider_sign_in_expired");
  expect((await victim.get("/v1/me")).status()).toBe(401);
  const again = await attacker.get(kept, { maxRedirects: 0 });
  expect(again.headers().location).toBe("/sign-in?trouble=provider_sign_in_expired");
});

/**
 * A real issuer of OpenID Connect on loopback, for tests: any name signs in, with any password.
 *
 * `node oidc-issuer.mjs CLIENT_ID CLIENT_SECRET` prints one line of JSON, `{"issuer": "http://127.0.0.1:PORT"}`, once it
 * serves, and ends when its standard input does. Whoever signs in as `ana` is `ana@example.org`, whose address is
 * verified; a name with an `@` is an address itself; one that begins with `unverified` is not vouched for.
 */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [client_id, client_secret] = process.argv.slice(2);
if (!client_id || !client_secret) throw new Error("node oidc-issuer.mjs CLIENT_ID CLIENT_SECRET");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "one" };

/** What it says about whoever signs in under this name. */
function account(name) {
  return {
    sub: `subject-of-${name}`,
    name,
    email: name.includes("@") ? name : `${name}@example.org`,
    email_verified: !name.startsWith("unverified"),
  };
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id,
        client_secret,
        redirect_uris: [`${issuer}/unused`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ["of this run alone"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // As its default is: what the scopes cover is at the userinfo endpoint.
    conformIdTokenClaims: true,
    pkce: { required: () => true },
    findAccount: (_ctx, name) => ({ accountId: name, claims: () => account(name) }),
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600 },
  });
  // The server under test has a port that is not known when this starts.
  provider.Client.prototype.redirectUriAllowed = (uri) => new URL(uri).hostname === "127.0.0.1";
  server.on("request", provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

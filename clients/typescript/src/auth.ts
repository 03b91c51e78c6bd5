/** Signing in and out in a browser. Programs use an API key instead. */
import type { SecondFactorNeeded, SignedIn } from "./api/types.ts";
import type { Transport } from "./transport.ts";

/** The password was right; a code is needed as well: go on with `signInWithCode`. */
export class SecondFactorRequired extends Error {
  override readonly name = "SecondFactorRequired";
  readonly challenge: string;
  readonly expiresAt: string;

  constructor(needed: SecondFactorNeeded) {
    super("A code of the authenticator is needed to sign in.");
    this.challenge = needed.challenge;
    this.expiresAt = needed.expires_at;
  }
}

export class Auth {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Throws {@link SecondFactorRequired} where a code is needed as well. */
  async signIn(body: { email: string; password: string }): Promise<SignedIn> {
    const { api, once } = this.#transport;
    const answer = await this.#transport.ask(api.POST("/v1/auth/sign-in", { body, fetch: once }));
    if ("challenge" in answer) throw new SecondFactorRequired(answer);
    return this.#remember(answer);
  }

  /** With the six digits of the authenticator or a recovery code. Each works once, so this is never sent twice. */
  async signInWithCode(body: { challenge: string; code: string }): Promise<SignedIn> {
    const { api, once } = this.#transport;
    return this.#remember(
      await this.#transport.ask(api.POST("/v1/auth/sign-in/second-factor", { body, fetch: once })),
    );
  }

  /** The token of a sign-in link works once, so this is never sent twice. */
  async redeemLink(token: string): Promise<SignedIn> {
    const { api, once } = this.#transport;
    return this.#remember(
      await this.#transport.ask(api.POST("/v1/auth/link", { body: { token }, fetch: once })),
    );
  }

  async signOut(): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/auth/sign-out"));
    this.#transport.rememberCsrf(undefined);
  }

  /** `current_password` is needed where there is one, unless a link signed in here just now. */
  async setPassword(body: { password: string; current_password?: string }): Promise<void> {
    const { api, once } = this.#transport;
    await this.#transport.ask(api.PUT("/v1/auth/password", { body, fetch: once }));
  }

  #remember(signed: SignedIn): SignedIn {
    this.#transport.rememberCsrf(signed.csrf_token);
    return signed;
  }
}

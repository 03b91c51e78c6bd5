/** Accounts: signing up, in and out in a browser, and what belongs to one's own account. Programs use an API key. */
import type { IdentityInfo, ProviderStarted, SignInWays } from "./api/federated.ts";
import type { BrowserInfo, MailPromised, SecondFactorNeeded, SignedIn, TotpStarted } from "./api/types.ts";
import type { CallOptions, Transport } from "./transport.ts";

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

/** What takes a second factor away: the password, or a code of it. */
export type SecondFactorProof = { password: string } | { code: string };

export class Auth {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** How one can sign in here, and who may sign up. Needs no credential. */
  async providers(call?: CallOptions): Promise<SignInWays> {
    return this.#read("/v1/auth/providers", { signal: call?.signal ?? null });
  }

  /**
   * Where a browser goes to sign in with a provider; it comes back to `returnTo`, a path of the web app, to
   * `/sign-in#challenge=…` where a code is needed as well, or to `/sign-in?trouble=…`.
   */
  providerUrl(provider: string, returnTo = "/"): string {
    const start = `/v1/auth/providers/${encodeURIComponent(provider)}/start`;
    return `${this.#transport.around.server}${start}?return_to=${encodeURIComponent(returnTo)}`;
  }

  /** The same for a program of the page: answers where the browser has to go. `invitation` is the token of one. */
  async startProvider(
    provider: string,
    body: { return_to?: string; invitation?: string } = {},
  ): Promise<ProviderStarted> {
    return this.#begin(provider, "start", body);
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

  /**
   * Asks for an account. The answer is the same whether the address is known or not: a message goes there either way.
   * `invitation` is the token of one, where sign-up takes it. Each call sends another message, so it is sent once.
   */
  async signUp(body: { email: string; password: string; invitation?: string }): Promise<MailPromised> {
    const { api, once } = this.#transport;
    return this.#transport.ask(api.POST("/v1/auth/sign-up", { body, fetch: once }));
  }

  /** Proves the address of a sign-up with the token of its message and the password that was chosen; signs in. */
  async verifyEmail(body: { token: string; password: string }): Promise<SignedIn> {
    const { api, once } = this.#transport;
    return this.#remember(
      await this.#transport.ask(api.POST("/v1/auth/verify-email", { body, fetch: once })),
    );
  }

  /** Asks for a message with a link that sets a new password. Tells nothing about the address. */
  async requestReset(email: string): Promise<MailPromised> {
    const { api, once } = this.#transport;
    return this.#transport.ask(api.POST("/v1/auth/reset", { body: { email }, fetch: once }));
  }

  /** Sets a new password with the token of the message and signs every browser out; signs nobody in. */
  async confirmReset(body: { token: string; password: string }): Promise<void> {
    const { api, once } = this.#transport;
    await this.#transport.ask(api.POST("/v1/auth/reset/confirm", { body, fetch: once }));
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

  /** Where one is signed in, the browser used last first; at most 50. */
  async browsers(call?: CallOptions): Promise<BrowserInfo[]> {
    const { api } = this.#transport;
    const { items } = await this.#transport.ask(api.GET("/v1/auth/sessions", { signal: call?.signal }));
    return items;
  }

  /** Signs one of one's browsers out, at once. */
  async signOutBrowser(id: string): Promise<void> {
    const params = { path: { id } };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/auth/sessions/{id}", { params }));
  }

  /** Signs one's other browsers out; with `include_current` this one, too. */
  async signOutEverywhere(body: { include_current?: boolean } = {}): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/auth/sign-out-everywhere", { body }));
    if (body.include_current) this.#transport.rememberCsrf(undefined);
  }

  /** A new secret for one's authenticator. It counts once `confirmTotp` took a code of it. */
  async startTotp(): Promise<TotpStarted> {
    const { api, once } = this.#transport;
    return this.#transport.ask(api.POST("/v1/auth/totp", { fetch: once }));
  }

  /** Turns the second factor on; answers the recovery codes, this one time. */
  async confirmTotp(code: string): Promise<string[]> {
    const { api, once } = this.#transport;
    const { recovery_codes } = await this.#transport.ask(
      api.POST("/v1/auth/totp/confirm", { body: { code }, fetch: once }),
    );
    return recovery_codes;
  }

  async removeTotp(proof: SecondFactorProof): Promise<void> {
    const { api, once } = this.#transport;
    await this.#transport.ask(api.DELETE("/v1/auth/totp", { body: proof, fetch: once }));
  }

  /** The providers' accounts that one can sign in with. */
  async identities(call?: CallOptions): Promise<IdentityInfo[]> {
    const { items } = await this.#read<{ items: IdentityInfo[] }>("/v1/auth/identities", {
      signal: call?.signal ?? null,
    });
    return items;
  }

  /** Begins to link a provider's account to one's own; the browser has to go to the address that it answers. */
  async linkProvider(provider: string, body: { return_to?: string } = {}): Promise<ProviderStarted> {
    return this.#begin(provider, "link", body);
  }

  /** Refused with 409 where it would leave no way to sign in. */
  async unlinkIdentity(id: string): Promise<void> {
    await this.#transport.raw(`/v1/auth/identities/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  #remember(signed: SignedIn): SignedIn {
    this.#transport.rememberCsrf(signed.csrf_token);
    return signed;
  }

  #begin(provider: string, what: "start" | "link", body: object): Promise<ProviderStarted> {
    return this.#read(`/v1/auth/providers/${encodeURIComponent(provider)}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async #read<Data>(path: string, init: RequestInit): Promise<Data> {
    const response = await this.#transport.raw(path, init);
    return (await response.json()) as Data;
  }
}

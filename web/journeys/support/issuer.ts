/** A real issuer of OpenID Connect as a process of its own, and a person who signs in there without a browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { APIRequestContext, APIResponse } from "@playwright/test";

const SCRIPT = fileURLToPath(new URL("./oidc-issuer.mjs", import.meta.url));
const CLIENT = "coordinator";
const SECRET = "a secret of this run & no other";
/** Pages on the way through the issuer, at most. */
const PAGES = 8;

export class Issuer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async up(): Promise<Issuer> {
    const child = spawn(process.execPath, [SCRIPT, CLIENT, SECRET], { stdio: ["pipe", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) {
      const { issuer } = JSON.parse(line) as { issuer: string };
      return new Issuer(issuer, child);
    }
    throw new Error("the issuer ended before it served");
  }

  down(): void {
    this.#child.kill();
  }

  /** What a server has to be told to let people in through it under this name. */
  settings(name: string): Record<string, string> {
    const of = (key: string) => `COORDINATOR_LOGIN_${name.toUpperCase()}_${key}`;
    return {
      [of("ISSUER")]: this.url,
      [of("CLIENT_ID")]: CLIENT,
      [of("CLIENT_SECRET")]: SECRET,
      COORDINATOR_ALLOW_PRIVATE_NETWORKS: `127.0.0.1/32:${new URL(this.url).port}`,
    };
  }

  /** Follows `url` as a browser does, signs in as `name` wherever the issuer asks, and ends at another host's page. */
  async visit(request: APIRequestContext, url: string, name: string): Promise<APIResponse> {
    let page = await this.#follow(request, await request.get(url, { maxRedirects: 0 }), url);
    for (let n = 0; n < PAGES && page.url().startsWith(this.url); n += 1) {
      const text = await page.text();
      const [, action] = /<form[^>]*action="([^"]+)"/.exec(text) ?? [];
      const [, prompt] = /name="prompt" value="([^"]+)"/.exec(text) ?? [];
      if (!action || !prompt)
        throw new Error(`no form at ${page.url()}: ${page.status()} ${text.slice(0, 400)}`);
      const form: Record<string, string> =
        prompt === "login" ? { prompt, login: name, password: "any" } : { prompt };
      const to = new URL(action, page.url()).href;
      page = await this.#follow(request, await request.post(to, { form, maxRedirects: 0 }), to);
    }
    return page;
  }

  /** Every step is seen; Playwright's own following is not told apart from a page. */
  async #follow(request: APIRequestContext, answer: APIResponse, from: string): Promise<APIResponse> {
    let [at, page] = [from, answer];
    for (let n = 0; n < PAGES; n += 1) {
      const location = page.headers().location;
      if (!location) return page;
      const next = new URL(location, at).href;
      // Where the server under test sends the browser is for the test to look at.
      if (!next.startsWith(this.url) && !at.startsWith(this.url)) return page;
      at = next;
      page = await request.get(next, { maxRedirects: 0 });
    }
    throw new Error(`more than ${PAGES} redirects from ${from}`);
  }
}

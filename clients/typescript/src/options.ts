/** How a client is set up, and what it takes from its surroundings when it is told nothing. */

export type WebSocketConstructor = new (url: string) => WebSocket;

export interface CoordinatorOptions {
  /** `https://coordinator.example.org`; in Node `COORDINATOR_SERVER`, in a browser the page's own origin. */
  server?: string;
  /** In Node `COORDINATOR_API_KEY`; in a browser none: the session cookie signs the caller in. */
  apiKey?: string;
  /** Organisation to work in, where the credential gives a choice; asked anew for every request when it is a function. */
  org?: string | (() => string | undefined);
  /** For cookie sessions; without it the client remembers the token that `me()` and `auth` bring. */
  csrfToken?: () => string | undefined;
  fetch?: typeof globalThis.fetch;
  /** `false` streams over plain HTTP (server-sent events). The default is the platform's own, where it has one. */
  WebSocket?: WebSocketConstructor | false;
}

export interface Surroundings {
  server: string;
  apiKey: string | undefined;
  fetch: typeof globalThis.fetch;
  WebSocket: WebSocketConstructor | undefined;
}

const LOCAL = "http://127.0.0.1:8080";

/** What is used in the end. */
export function settle(options: CoordinatorOptions): Surroundings {
  const inBrowser = typeof globalThis.location !== "undefined" && typeof globalThis.document !== "undefined";
  const env = inBrowser ? {} : environment();
  const server =
    options.server ?? (inBrowser ? globalThis.location.origin : (env.COORDINATOR_SERVER ?? LOCAL));
  const own = globalThis.WebSocket as WebSocketConstructor | undefined;
  return {
    server: server.replace(/\/+$/, ""),
    apiKey: options.apiKey ?? env.COORDINATOR_API_KEY,
    // Bound late: a page may wrap `fetch` after this was made.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: options.WebSocket === false ? undefined : (options.WebSocket ?? own),
  };
}

function environment(): Record<string, string | undefined> {
  const node = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process;
  return node?.env ?? {};
}

/** The server as a person starts it, `coordinator up`, in a directory of its own, gone without a trace afterwards. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { programs } from "./programs.ts";

const run = promisify(execFile);

/** Variables of this machine that programs need to work at all. */
const PASSED_ON = [
  "PATH",
  "LANG",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "COORDINATOR_AGENTS_DIR",
];
const LINK = /(https?:\/\/[^/\s]+)\/sign-in#token=\S+/;
const START_MS = 60_000;
/** Letters are written behind the answer: looked for this often, so far apart. */
const LOOKS = 300;
const LOOK_MS = 100;

/** What `coordinator bootstrap --sign-in-link` made. */
export interface Invited {
  link: string;
  key: string;
}

export class Server {
  /** Where it serves; it keeps its port over every restart. */
  url = "http://127.0.0.1:0";
  /** The link that the last start printed. */
  link = "";
  readonly #place: string;
  readonly #settings: Record<string, string>;
  #child: ChildProcess | undefined;

  private constructor(place: string, settings: Record<string, string>) {
    this.#place = place;
    this.#settings = settings;
  }

  static async up(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "coordinator-journey-")), settings);
    await server.restart();
    return server;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get #data(): string {
    return join(this.#place, "data");
  }

  /** Starts the process, again on the port it had, and waits for the link that it prints. */
  async restart(): Promise<void> {
    const log = openSync(join(this.#place, "log"), "a");
    const listen = this.url.slice("http://".length);
    const child = spawn(programs("coordinator"), ["up", "--listen", listen, "--data-dir", this.#data], {
      env: this.#env(),
      stdio: ["ignore", "pipe", log],
    });
    this.#child = child;
    this.link = await printedLink(child).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log()}`);
    });
    this.url = new URL(this.link).origin;
  }

  /** What a crash is. */
  async kill9(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it cleanly, with its sandboxes, and leaves nothing behind. */
  async stop(): Promise<void> {
    // Sandboxes outlive a crash on purpose: the next server has to take them over to end them.
    if (!this.#child && existsSync(join(this.#data, "keepers"))) await this.restart();
    await this.#end("SIGTERM");
    await rm(this.#place, { recursive: true, force: true });
  }

  /** One more owner, with a link and an API key. */
  async invite(email: string, org: string): Promise<Invited> {
    const args = ["bootstrap", "--data-dir", this.#data, "--email", email, "--org", org, "--sign-in-link"];
    const { stdout } = await run(programs("coordinator"), args, { env: this.#env() });
    const made = JSON.parse(stdout) as { sign_in_link: string; api_key: string };
    return { link: made.sign_in_link, key: made.api_key };
  }

  /** A link that it wrote, on the port that it really has. */
  here(link: string): string {
    const { pathname, search, hash } = new URL(link);
    return this.url + pathname + search + hash;
  }

  /** The link to `page` in the newest letter to this address, once there is one. */
  async letter(to: string, page: string): Promise<string> {
    const outbox = join(this.#data, "outbox");
    for (let look = 0; look < LOOKS; look += 1) {
      const names = existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith(".eml")) : [];
      for (const name of names.sort().reverse()) {
        const text = readFileSync(join(outbox, name), "utf8");
        const [link] = new RegExp(`https?://\\S+${page}#token=\\S+`).exec(text) ?? [];
        if (link && text.includes(`To: <${to}>`)) return this.here(link);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`no letter to ${to} with a link to ${page}\n${this.log()}`);
  }

  /** The last lines of its log. */
  log(): string {
    return readFileSync(join(this.#place, "log"), "utf8").split("\n").slice(-60).join("\n");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await over;
  }

  #env(): Record<string, string> {
    const env: Record<string, string> = { ...this.#settings, HOME: this.#place, COORDINATOR_LOG: "warn" };
    for (const name of PASSED_ON) {
      const value = process.env[name];
      if (value !== undefined) env[name] = value;
    }
    return env;
  }
}

function printedLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const late = setTimeout(() => reject(new Error("the server printed no link in time")), START_MS);
    child.stdout?.on("data", (bytes: Buffer) => {
      printed += bytes.toString();
      const found = LINK.exec(printed);
      if (!found || !/\s/.test(printed.slice(found.index + found[0].length))) return;
      clearTimeout(late);
      resolve(found[0]);
    });
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`the server ended with ${code}`));
    });
  });
}

/** A real server in a directory of its own, for tests that want the real thing. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = process.env.COORDINATOR_PROGRAM ?? join(root, "target/release/coordinator");

/** Why there is no real server, if there is none. */
export const missing = existsSync(program)
  ? undefined
  : `${program} is not built: run \`cargo xtask build\` to include the tests against the real server`;

/** What programs need to work at all on this machine. */
const PASSED_ON = ["PATH", "LANG", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "COORDINATOR_AGENTS_DIR"];

export class RealServer {
  url = "http://127.0.0.1:0";
  key = "";
  readonly #place = mkdtempSync(join(tmpdir(), "coordinator-sdk-"));
  #child: ChildProcess | undefined;

  /** Serves, with an organisation and a key. */
  static async start(): Promise<RealServer> {
    const server = new RealServer();
    await server.run();
    const made = server.cli([
      "bootstrap",
      "--data-dir",
      server.data,
      "--email",
      "ada@example.org",
      "--org",
      "acme",
    ]);
    server.key = (JSON.parse(made) as { api_key: string }).api_key;
    return server;
  }

  get data(): string {
    return join(this.#place, "data");
  }

  /** Starts the process, again on the port it had. */
  async run(): Promise<void> {
    const log = openSync(join(this.#place, "log"), "a");
    const listen = this.url.slice("http://".length);
    const child = spawn(program, ["serve", "--listen", listen, "--data-dir", this.data], {
      env: this.#env(),
      stdio: ["ignore", "ignore", log],
    });
    this.#child = child;
    for (let attempt = 0; attempt < 600; attempt += 1) {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.log()}`);
      const url = await this.#address();
      if (url !== undefined && (await fetch(`${url}/health`).catch(() => undefined))?.ok) {
        this.url = url;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server does not answer:\n${this.log()}`);
  }

  /** `kill -9`: what a crash is. */
  async crash(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it, with its sandboxes, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    rmSync(this.#place, { recursive: true, force: true });
  }

  cli(args: string[]): string {
    return execFileSync(program, args, { env: this.#env(), encoding: "utf8" });
  }

  log(): string {
    return readFileSync(join(this.#place, "log"), "utf8").split("\n").slice(-60).join("\n");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await over;
  }

  #env(): Record<string, string> {
    const passed = PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    return { ...(Object.fromEntries(passed) as Record<string, string>), HOME: this.#place };
  }

  /** Where it listens, as it says on its admin socket. */
  #address(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const socket = connect(join(this.data, "admin.sock"));
      let answer = "";
      socket.setTimeout(2_000, () => socket.destroy());
      socket.on("connect", () => socket.write('{"command":"status"}\n'));
      socket.on("data", (bytes) => {
        answer += bytes.toString();
        if (answer.includes("\n")) socket.end();
      });
      socket.on("error", () => resolve(undefined));
      socket.on("close", () => resolve(urlIn(answer)));
    });
  }
}

function urlIn(answer: string): string | undefined {
  try {
    return (JSON.parse(answer) as { status?: { url?: string } }).status?.url;
  } catch {
    return undefined;
  }
}

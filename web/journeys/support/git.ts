/** A git host on the loopback: bare repositories, served by git's own HTTP backend. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A small JavaScript project: enough for a plan to be detected, and nothing to download. */
const SAMPLE: Record<string, string> = {
  "package.json": `${JSON.stringify(
    { name: "sample", version: "1.0.0", engines: { node: ">=18" }, scripts: { test: "node --test" } },
    null,
    2,
  )}\n`,
  "package-lock.json": '{"name":"sample","version":"1.0.0","lockfileVersion":3,"packages":{}}\n',
  "index.js": "module.exports = (a, b) => a + b;\n",
  "index.test.js":
    "const test = require('node:test');\nconst assert = require('node:assert');\ntest('adds', () => assert.equal(require('./index.js')(1, 2), 3));\n",
  "README.md": "# Sample\n\nAdds two numbers.\n",
};

export class GitHost {
  readonly #place: string;
  readonly #server: Server;

  private constructor(place: string) {
    this.#place = place;
    this.#server = createServer((request, response) => backend(place, request, response));
  }

  static async start(): Promise<GitHost> {
    const host = new GitHost(await mkdtemp(join(tmpdir(), "coordinator-journey-git-")));
    await new Promise<void>((resolve) => host.#server.listen(0, "127.0.0.1", resolve));
    await host.add("sample", SAMPLE);
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The address of the sample project. */
  get sample(): string {
    return this.address("sample");
  }

  address(name: string): string {
    return `http://127.0.0.1:${this.port}/acme/${name}.git`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#place, { recursive: true, force: true });
  }

  /** One more project; answers its address. */
  async add(name: string, files: Record<string, string>, branch = "main"): Promise<string> {
    const work = join(this.#place, `${name}-work`);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      await writeFile(join(work, path), content);
    }
    await git(work, "init", "--quiet", `--initial-branch=${branch}`);
    await git(work, "add", "--all");
    await git(work, "commit", "--quiet", "--message", "first");
    await git(work, "clone", "--quiet", "--bare", ".", join(this.#place, "acme", `${name}.git`));
    return this.address(name);
  }
}

async function git(directory: string, ...args: string[]): Promise<void> {
  const who = { NAME: "Journey", EMAIL: "journey@example.org" };
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  await run("git", args, { cwd: directory, env });
}

/** Hands a request to `git http-backend`, which speaks CGI, and its answer back. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://git.invalid");
  const header = (name: string) => String(request.headers[name] ?? "");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header("content-type"),
      CONTENT_LENGTH: header("content-length"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => child.kill());
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.on("error", () => response.writeHead(500).end());
  child.on("close", () => answer(Buffer.concat(parts), response));
}

function answer(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf("\r\n\r\n");
  if (end < 0) {
    response.writeHead(500).end();
    return;
  }
  let status = 200;
  for (const line of output.subarray(0, end).toString().split("\r\n")) {
    const at = line.indexOf(":");
    const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status).end(output.subarray(end + 4));
}

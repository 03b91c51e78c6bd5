/**
 * What every journey stands on. A worker has one server, git host and model provider; a journey has a person in an
 * organisation of their own, so that journeys never meet. A journey that breaks or restarts its server has its own.
 */
import { randomBytes } from "node:crypto";
import { test as base, type Page } from "@playwright/test";
import { Coordinator } from "../../../clients/typescript/src/index.ts";
import { GitHost } from "./git.ts";
import { ModelHost } from "./models.ts";
import { Server } from "./server.ts";
import { Shots } from "./shots.ts";
import { Watch } from "./watch.ts";

export { expect } from "@playwright/test";

export interface Person {
  email: string;
  org: string;
  /** Works once. */
  link: string;
  key: string;
  /** The API in their name. */
  api: Coordinator;
}

interface Worker {
  git: GitHost;
  models: ModelHost;
  /** The server of the worker. */
  server: Server;
}

interface Journey {
  watch: Watch;
  shots: Shots;
  shot: (page: Page, what: string) => Promise<void>;
  /** An owner of a new organisation on the worker's server. */
  person: Person;
  /** A server of the journey's own. */
  own: Server;
}

export function allowances(git: GitHost, models: ModelHost): Record<string, string> {
  return { COORDINATOR_ALLOW_PRIVATE_NETWORKS: `127.0.0.0/8:${git.port},127.0.0.0/8:${models.port}` };
}

/** One more owner; without an organisation, of a new one. */
export async function invite(
  server: Server,
  name: string,
  org = `${name}-${randomBytes(3).toString("hex")}`,
): Promise<Person> {
  const email = `${name}@${org}.example.org`;
  const { link, key } = await server.invite(email, org);
  return { email, org, link, key, api: new Coordinator({ server: server.url, apiKey: key }) };
}

export const test = base.extend<Journey, Worker>({
  git: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first argument
    async ({}, use) => {
      const git = await GitHost.start();
      await use(git);
      await git.stop();
    },
    { scope: "worker" },
  ],
  models: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first argument
    async ({}, use) => {
      const models = await ModelHost.start();
      await use(models);
      await models.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ git, models }, use) => {
      const server = await Server.up(allowances(git, models));
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  own: [
    async ({ git, models, context }, use, info) => {
      const server = await Server.up(allowances(git, models));
      await use(server);
      // Pages go first: they would miss their server.
      for (const page of context.pages()) await page.close();
      if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log() });
      await server.stop();
    },
    { timeout: 90_000 },
  ],
  person: async ({ server }, use) => {
    await use(await invite(server, "ada"));
  },
  watch: [
    async ({ context }, use, info) => {
      const watch = new Watch();
      await watch.add(context);
      await use(watch);
      if (info.status === info.expectedStatus && watch.faults.length > 0) {
        throw new Error(`The pages reported faults:\n${watch.faults.join("\n")}`);
      }
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first argument
  shots: async ({}, use, info) => {
    const shots = new Shots(info.file);
    await shots.start();
    await use(shots);
  },
  shot: async ({ shots }, use) => {
    await use((page, what) => shots.take(page, what));
  },
});

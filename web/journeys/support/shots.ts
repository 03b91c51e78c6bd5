/** Pictures of a journey's states, numbered in their order, for a person to look at. */
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";

const out = fileURLToPath(new URL("../out/", import.meta.url));

export class Shots {
  readonly #directory: string;
  #count = 0;

  constructor(spec: string) {
    this.#directory = join(out, basename(spec, ".spec.ts"));
  }

  async start(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { recursive: true });
  }

  async take(page: Page, what: string): Promise<void> {
    this.#count += 1;
    const name = `${String(this.#count).padStart(2, "0")}-${what}.png`;
    await page.screenshot({ path: join(this.#directory, name), animations: "disabled" });
  }
}

/** What is looked at on every page: accessibility, console, content security policy, sideways scroll. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { SceneServer } from "./server.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** Complaints collected while a page lives. */
export class Watch {
  readonly #found: string[] = [];
  readonly #server: SceneServer;
  readonly #expected: RegExp | null;

  /** `expected` are errors that belong to the scene. */
  constructor(page: Page, server: SceneServer, expected: RegExp | null = null) {
    this.#server = server;
    this.#expected = expected;
    page.on("pageerror", (error) => this.#found.push(`error on the page: ${error.message}`));
    page.on("console", (message) => {
      const text = `${message.text()} ${message.location().url}`;
      if (["error", "warning"].includes(message.type()) && !this.#expected?.test(text))
        this.#found.push(`console: ${text}`);
    });
    page.on("dialog", (dialog) => {
      this.#found.push(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const own = origin === server.url || protocol === "data:" || protocol === "blob:";
      if (!own) this.#found.push(`a request left the server: ${request.url().slice(0, 200)}`);
    });
  }

  complaints(): string[] {
    return [...this.#found, ...this.#server.cspReports.map((report) => `policy: ${report}`)];
  }
}

export async function accessibility(page: Page): Promise<string[]> {
  // The policy of the page keeps scripts out; the protocol of the debugger is not the page.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run({ resultTypes: ["violations"] })).violations;
  });
  return violations.map(
    ({ id, impact, nodes }) =>
      `axe ${impact} ${id}: ${nodes
        .slice(0, 3)
        .map(
          (node) =>
            `${node.html.slice(0, 200)} (${node.failureSummary?.replaceAll("\n", " ").slice(0, 300)})`,
        )
        .join(" | ")}`,
  );
}

/** What sticks out of the page to the side. */
export async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const out: string[] = [];
    if (scrollWidth > clientWidth) out.push(`the page is ${scrollWidth} wide where ${clientWidth} fit`);
    for (const element of document.querySelectorAll("main, main *, aside, nav")) {
      const { right, width } = element.getBoundingClientRect();
      if (width === 0 || right <= clientWidth + 1) continue;
      let clipped = false;
      for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        const { overflowX, position } = getComputedStyle(parent);
        if (overflowX !== "visible" || position === "fixed") {
          clipped = parent.getBoundingClientRect().right <= clientWidth + 1;
          break;
        }
      }
      if (!clipped)
        out.push(`${element.tagName} ${String(element.className).slice(0, 80)} ends at ${Math.round(right)}`);
    }
    return out.slice(0, 3);
  });
}

/** Whatever goes wrong in a page without anybody seeing it: console errors, exceptions, policy violations. */
import type { BrowserContext } from "@playwright/test";

export class Watch {
  readonly #seen: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Watches every page of a context, from before its first script. */
  async add(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.#seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) =>
      this.#seen.push(`page error: ${error.error().stack ?? error.error().message}`),
    );
    await context.exposeFunction("reportViolation", (text: string) => {
      this.#seen.push(`policy violation: ${text}`);
    });
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
        report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
  }

  /** What a journey brings about on purpose, for example the refusal of a wrong password. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  get faults(): string[] {
    return this.#seen.filter((line) => !this.#allowed.some((pattern) => pattern.test(line)));
  }
}

/** A person without a mouse: goes to things by Tab, and always sees where they are. */
import { expect, type Page } from "@playwright/test";

/** Longest way to anything on a page. */
const MOST = 80;

export class Keys {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.insertText(text);
  }

  /** Tabs on until the thing of this name has the focus; each stop on the way must be seen. */
  async to(name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const way: string[] = [];
    for (let stop = 0; stop < MOST; stop += 1) {
      const here = await this.#here();
      if (stop > 0 && here.name !== "")
        expect(here.seen, `the focus on “${here.name}” can be seen`).toBe(true);
      if (name.test(here.name)) return;
      way.push(here.name);
      await this.#page.keyboard.press(key);
    }
    throw new Error(`no way by ${key} to ${name}; on the way: ${way.join(" → ")}`);
  }

  /** What has the focus, and whether one sees that it has: by an outline of its own or of what is right around it. */
  async #here(): Promise<{ name: string; seen: boolean }> {
    return this.#page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body) return { name: "", seen: true };
      const outlined = (element: Element | null): boolean => {
        if (!element) return false;
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
        const clear = /, 0\)$|transparent/.test(outlineColor);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !clear;
      };
      const labels =
        active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement ? active.labels : null;
      const name =
        active.getAttribute("aria-label") ??
        (labels?.length ? [...labels].map((label) => label.textContent).join(" ") : null) ??
        active.textContent ??
        "";
      const parent = active.parentElement;
      return {
        name: name.replace(/\s+/g, " ").trim(),
        seen: outlined(active) || outlined(parent) || outlined(parent?.parentElement ?? null),
      };
    });
  }
}

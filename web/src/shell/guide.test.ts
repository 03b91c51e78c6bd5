/** The keys that the guide names are the keys that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shownKeys } from "./shortcuts.ts";

const SRC = join(import.meta.dirname, "..");
const GUIDE = join(SRC, "../../docs/guides/web.md");

test("the guide's table of keys is complete and true", () => {
  const registered = new Set<string>();
  for (const path of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(path) || path.includes(".test.")) continue;
    const text = readFileSync(join(SRC, path), "utf8");
    for (const [, keys, label] of text.matchAll(/useShortcut\(\s*"([^"]+)",\s*"([^"]+)"/g))
      registered.add(`| \`${shownKeys(keys ?? "")}\` | ${label} |`);
  }
  const table = /\| key \| what it does \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(
    readFileSync(GUIDE, "utf8"),
  )?.[1];
  expect(registered.size).toBeGreaterThan(8);
  expect(table?.trim().split("\n").sort()).toEqual([...registered].sort());
});

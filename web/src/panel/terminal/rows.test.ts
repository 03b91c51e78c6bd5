/** Rows of a terminal: bounded, and without what a terminal would obey. */
import type { ToolEntry } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { bounded, outputText, rows } from "./rows.ts";

const entry: ToolEntry = {
  kind: "tool",
  key: "k",
  at: "2026-01-01T00:00:00.000Z",
  toolCallId: "c",
  tool: "bash",
  title: null,
  input: { command: "npm test" },
  status: "completed",
  output: "",
  truncated: false,
  exitCode: 0,
  durationMs: 5,
  diff: null,
};

test("a command, its lines, its end", () => {
  const found = rows([{ ...entry, output: "a\n\u001b[31mb\u001b[0m\n" }]);
  expect(found.map((row) => [row.kind, row.text])).toEqual([
    ["command", "npm test"],
    ["line", "a"],
    ["line", "b"],
    ["end", ""],
  ]);
});

test("sequences that do more than colour are gone", () => {
  const output =
    "\u001b]0;title\u0007a\u001b]8;;javascript:x\u0007link\u001b]8;;\u0007\u001b[2J\u001b]52;c;eA==\u0007";
  expect(outputText({ ...entry, output })).toBe("alink\n");
});

test("a long line is cut and says by how much", () => {
  const { text, cut } = bounded(`short\n${"x".repeat(5_000)}\n`);
  expect(text.length).toBe("short\n".length + 2_000);
  expect(cut.get(1)).toBe(3_000);
});

test("the middle of many lines is left out", () => {
  const { text } = bounded(`${Array.from({ length: 100_000 }, (_, at) => `line ${at}`).join("\n")}\n`);
  const lines = text.split("\n");
  expect(lines).toHaveLength(20_001);
  expect(lines[0]).toBe("line 0");
  expect(lines[5_000]).toContain("80,000 lines are left out");
  expect(lines.at(-1)).toBe("line 99999");
});

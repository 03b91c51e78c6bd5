import type { ToolEntry } from "@agent-coordinator/client";
import { expect, test } from "vitest";
import { describeCall, describeGroup, middle } from "./describe.ts";
import { parseDiff } from "./diff.ts";

function call(tool: string, input: unknown, status: ToolEntry["status"] = "completed"): ToolEntry {
  return {
    kind: "tool",
    key: JSON.stringify(input),
    at: "",
    toolCallId: "",
    tool,
    title: "title",
    input,
    status,
    output: "",
    truncated: false,
    exitCode: null,
    durationMs: null,
    diff: null,
  };
}

test("calls have a verb and what they are about", () => {
  expect(describeCall(call("bash", { command: "ls" }))).toMatchObject({
    verb: "Ran",
    target: "ls",
    mono: true,
  });
  expect(describeCall(call("Edit", { file_path: "a.rs" }, "running"))).toMatchObject({
    verb: "Editing",
    target: "a.rs",
  });
  expect(describeCall(call("grep", { pattern: "x" }))).toMatchObject({ verb: "Searched", target: "x" });
  expect(describeCall(call("webfetch", { url: "https://a.example" })).verb).toBe("Fetched");
  expect(describeCall(call("todowrite", {}))).toMatchObject({ verb: "Updated", target: "the plan" });
  expect(describeCall(call("mcp_thing", { query: "q" }))).toMatchObject({ verb: "mcp_thing", target: "q" });
  expect(describeCall(call("bash", null))).toMatchObject({ target: "title", mono: false });
});

test("hostile names are shown, not obeyed", () => {
  expect(describeCall(call("constructor", {})).verb).toBe("constructor");
  expect(describeCall(call("bash", { command: "a\u202eb\nc" })).target).toBe("a\\u{202e}b c");
  expect(describeCall(call("bash", { command: "x".repeat(1_000_000) })).target.length).toBeLessThan(500);
});

test("groups count what they hold", () => {
  const read = (path: string) => call("read", { filePath: path });
  expect(describeGroup([read("a"), read("b"), read("a")])).toBe("Read 2 files");
  expect(describeGroup([call("grep", { pattern: "x" }), call("grep", { pattern: "y" }), read("a")])).toBe(
    "Read 1 file, searched 2 times",
  );
  expect(describeGroup([call("list", {}), call("read", { filePath: "a" }, "running")])).toBe(
    "Reading 1 file, listing 1 directory",
  );
});

test("the end of a path stays when room is short", () => {
  expect(middle("/workspace/project/src/components/button.tsx", true)).toEqual([
    "/workspace/project/src/components",
    "/button.tsx",
  ]);
  expect(middle("ls", true)).toEqual(["ls", ""]);
});

test("a diff has its lines and counts", () => {
  const patch = parseDiff(
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ fn\n a\n-b\n+c\n+--- d\n\\ No newline at end of file\n",
  );
  expect(patch).toMatchObject({ added: 2, removed: 1 });
  expect(patch.lines.map((line) => [line.kind, line.text, line.number])).toEqual([
    ["same", "a", 1],
    ["del", "b", 2],
    ["add", "c", 2],
    ["add", "--- d", 3],
  ]);
});

/** The reader of patches against what git writes, what agents write, and what nobody should write. */
import { describe, expect, test } from "vitest";
import { parsePatch } from "./parse.ts";
import { unquote } from "./path.ts";

describe("git's own", () => {
  test("a change, with numbers of lines", () => {
    const [file] = parsePatch(
      "diff --git a/src/a.ts b/src/a.ts\nindex 1..2 100644\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -3,3 +3,4 @@ function f() {\n one\n-two\n+zwei\n+drei\n three\n",
    );
    expect(file).toMatchObject({ path: "src/a.ts", oldPath: null, kind: "modified", added: 2, removed: 1 });
    expect(file?.hunks[0]?.around).toBe("function f() {");
    expect(file?.hunks[0]?.lines.map((line) => [line.kind, line.before, line.after, line.text])).toEqual([
      ["context", 3, 3, "one"],
      ["del", 4, null, "two"],
      ["add", null, 4, "zwei"],
      ["add", null, 5, "drei"],
      ["context", 5, 6, "three"],
    ]);
  });

  test("lines that look like headers stay lines", () => {
    const [file, ...more] = parsePatch(
      "diff --git a/q.sql b/q.sql\n--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- a comment\n+++ b comment\n diff --git a/x b/x\n",
    );
    expect(more).toEqual([]);
    expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual([
      "-- a comment",
      "++ b comment",
      "diff --git a/x b/x",
    ]);
  });

  test("new, deleted, renamed, binary and mode", () => {
    const files = parsePatch(
      [
        "diff --git a/new b/new\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file",
        "diff --git a/old b/old\ndeleted file mode 100644\nindex 1..0\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-x",
        "diff --git a/from here b/to there\nsimilarity index 100%\nrename from from here\nrename to to there",
        "diff --git a/p i c.png b/p i c.png\nindex 1..2 100644\nBinary files a/p i c.png and b/p i c.png differ",
        "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
      ].join("\n"),
    );
    expect(
      files.map(({ path, oldPath, kind, binary, mode }) => ({ path, oldPath, kind, binary, mode })),
    ).toEqual([
      { path: "new", oldPath: null, kind: "added", binary: false, mode: null },
      { path: "old", oldPath: null, kind: "deleted", binary: false, mode: null },
      { path: "to there", oldPath: "from here", kind: "renamed", binary: false, mode: null },
      { path: "p i c.png", oldPath: null, kind: "modified", binary: true, mode: null },
      {
        path: "run.sh",
        oldPath: null,
        kind: "modified",
        binary: false,
        mode: { before: "100644", after: "100755" },
      },
    ]);
    expect(files[0]?.hunks[0]?.lines[1]).toMatchObject({ kind: "note", text: "No newline at end of file" });
    expect(files[0]?.raw.startsWith("diff --git a/new")).toBe(true);
    expect(files.map((file) => file.raw).join("")).toContain("new mode 100755\n");
  });

  test("quoted names", () => {
    expect(unquote('"a/tab\\there \\303\\274 \\"q\\" \\\\"')).toBe('a/tab\there ü "q" \\');
    const [file] = parsePatch(
      'diff --git "a/\\303\\274.txt" "b/\\303\\274.txt"\nold mode 100644\nnew mode 100755\n',
    );
    expect(file?.path).toBe("ü.txt");
  });
});

describe("others", () => {
  test("a plain unified diff, two files", () => {
    const files = parsePatch(
      "--- a.txt\t2026-01-01\n+++ a.txt\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n--- c.txt\n+++ c.txt\n@@ -1 +1 @@\n-c\n+d\n",
    );
    expect(files.map((file) => [file.path, file.added, file.removed])).toEqual([
      ["a.txt", 1, 1],
      ["c.txt", 1, 1],
    ]);
  });

  test("with an index line, as some agents write it", () => {
    const [file] = parsePatch(
      "Index: /workspace/a.ts\n===================\n--- /workspace/a.ts\n+++ /workspace/a.ts\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n",
    );
    expect(file).toMatchObject({ path: "/workspace/a.ts", added: 1, removed: 1 });
  });

  test("nothing and nonsense", () => {
    expect(parsePatch("")).toEqual([]);
    expect(parsePatch("hello\n@@ -1 +1 @@\n+x\n")).toEqual([]);
    const files = parsePatch("diff --git a/x b/x\n@@ not one @@\n@@ -99999999999999999999,5 +1 @@\n+after\n");
    expect(files).toHaveLength(1);
    expect(files[0]?.hunks).toEqual([]);
  });

  test("a header that promises too much ends with the next file", () => {
    const files = parsePatch(
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,900 +1,900 @@\n a\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
    );
    expect(files.map((file) => file.path)).toEqual(["x", "y"]);
  });
});

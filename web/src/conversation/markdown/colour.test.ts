import { expect, test } from "vitest";
import { colour } from "./colour.ts";

test("code falls into pieces that together are the code", async () => {
  const text = 'const a = "b"; // c\n\nfn(a)\u202e';
  const lines = await colour(text, "ts");
  expect(lines?.map((line) => line.map((piece) => piece.text).join("")).join("\n")).toBe(
    text.replace("\u202e", "\\u{202e}"),
  );
  const kinds = new Map(lines?.flat().map((piece) => [piece.text.trim(), piece.kind]));
  expect(kinds.get("const")).toBe("c-k-keyword");
  expect([...kinds].find(([piece]) => piece.includes("c") && piece.startsWith("//"))?.[1]).toBe(
    "c-k-comment",
  );
});

test("every language that has a name has a grammar", async () => {
  for (const name of [
    "sh",
    "c",
    "css",
    "diff",
    "dockerfile",
    "go",
    "html",
    "java",
    "js",
    "json",
    "py",
    "rs",
    "sql",
    "toml",
    "tsx",
    "yml",
  ]) {
    expect(await colour("a = 1", name), name).not.toBeNull();
  }
  expect(await colour("x", "constructor")).toBeNull();
});

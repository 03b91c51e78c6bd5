import { expect, test } from "vitest";
import { lengthOf, weakness } from "./password-rule.ts";

const judge = (password: string) =>
  weakness(password, { email: "ana.long@example.org", slugs: ["acme", "abc"] });

test("the same passwords are refused as by the server's rule", () => {
  expect(judge("elevenchars")).toBe("short");
  expect(judge("twelve chars")).toBeNull();
  expect(judge("zwölf Zeichen")).toBeNull();
  expect(judge("Ana.Long@Example.org")).toBe("email");
  expect(judge("my ANA.LONG password")).toBe("email");
  expect(judge("work at Acme since 2020")).toBe("organisation");
  expect(judge("abc is too short a name")).toBeNull();
  expect(weakness("al is a short name", { email: "al@example.org" })).toBeNull();
  expect(judge("zzzzzzzzzzzzzzz")).toBe("same");
  expect(judge("ab".repeat(512))).toBeNull();
  expect(judge("ab".repeat(1024))).toBe("long");
});

test("characters count, not bytes and not halves of them", () => {
  expect(judge("äöüäöüäöüäö")).toBe("short");
  expect(lengthOf("🦜🦜🦜")).toBe(3);
  expect(weakness("🦜🐦🦜🐦🦜🐦🦜🐦🦜🐦🦜")).toBe("short");
});

test("who is not known yet has nothing that a password could contain", () => {
  expect(weakness("twelve chars", { email: "" })).toBeNull();
  expect(weakness("            ", {})).toBe("same");
});

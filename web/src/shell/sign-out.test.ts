// @vitest-environment jsdom
import { expect, test } from "vitest";
import { safeReturn } from "./sign-out.ts";

test("the way back leads into this app and nowhere else", () => {
  expect(safeReturn("/sessions/ses_1?tab=plan")).toBe("/sessions/ses_1?tab=plan");
  expect(safeReturn("/invitation")).toBe("/invitation");
  for (const path of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/sign-in?return=/sign-in",
    "/sign-up",
    "/reset?x=1",
    "/verify-email/",
    "/\t/evil.example",
    "",
    null,
    7,
  ]) {
    expect(safeReturn(path), String(path)).toBe("/");
  }
});

// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { claimToken, takeToken } from "./token.ts";

beforeEach(() => {
  for (const what of ["/sign-in", "/verify-email", "/reset", "/invitation", "challenge"] as const) {
    claimToken(what);
  }
});

test("the token leaves the address at once and is given away once", () => {
  history.replaceState(null, "", "/sign-in?return=%2Fnew#token=abc123");
  takeToken();
  expect(location.href).toMatch(/\/sign-in\?return=%2Fnew$/);
  expect([claimToken(), claimToken()]).toEqual(["abc123", null]);
});

test("each page has its own", () => {
  for (const page of ["/verify-email", "/reset", "/invitation"] as const) {
    history.replaceState(null, "", `${page}#token=of${page.slice(1)}`);
    takeToken();
    expect(location.href).toMatch(new RegExp(`${page}$`));
  }
  expect(claimToken()).toBeNull();
  expect([claimToken("/reset"), claimToken("/reset")]).toEqual(["ofreset", null]);
  expect(claimToken("/verify-email")).toBe("ofverify-email");
  expect(claimToken("/invitation")).toBe("ofinvitation");
});

test("a challenge is taken on the sign-in page alone", () => {
  history.replaceState(null, "", "/sign-in?second_factor=1#challenge=xyz");
  takeToken();
  expect(location.href).toMatch(/\/sign-in\?second_factor=1$/);
  expect([claimToken(), claimToken("challenge")]).toEqual([null, "xyz"]);
  history.replaceState(null, "", "/reset#challenge=xyz");
  takeToken();
  expect(claimToken("challenge")).toBeNull();
});

test("a broken token leaves the address, too", () => {
  history.replaceState(null, "", "/sign-in#token=%0Abad token");
  takeToken();
  expect(location.hash).toBe("");
  expect(claimToken()).toBe("incomplete");
});

test("other pages and other fragments are left alone", () => {
  history.replaceState(null, "", "/new#token=abc");
  takeToken();
  expect([location.hash, claimToken()]).toEqual(["#token=abc", null]);
  history.replaceState(null, "", "/reset#top");
  takeToken();
  expect([location.hash, claimToken("/reset")]).toEqual(["#top", null]);
});

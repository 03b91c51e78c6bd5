// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { claimToken, takeToken } from "./token.ts";

beforeEach(() => {
  claimToken();
});

test("the token leaves the address at once and is given away once", () => {
  history.replaceState(null, "", "/sign-in?return=%2Fnew#token=abc123");
  takeToken();
  expect(location.href).toMatch(/\/sign-in\?return=%2Fnew$/);
  expect([claimToken(), claimToken()]).toEqual(["abc123", null]);
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
});

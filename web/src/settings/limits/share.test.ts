import { expect, test } from "vitest";
import { share } from "./share.ts";

test("it is full when it is full, and not before", () => {
  expect(share(0, 10)).toEqual({ percent: 0, state: "fine" });
  expect(share(8, 10).state).toBe("near");
  expect(share(9_999, 10_000)).toEqual({ percent: 99, state: "near" });
  expect(share(10, 10)).toEqual({ percent: 100, state: "full" });
  expect(share(12, 10)).toEqual({ percent: 100, state: "full" });
  expect(share(5, 0).state).toBe("fine");
});

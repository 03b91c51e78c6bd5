import { expect, test } from "vitest";
import { slugOf } from "./slug.ts";

test("a name becomes one for addresses", () => {
  expect(slugOf("Acme Robotics, Ltd.")).toBe("acme-robotics-ltd");
  expect(slugOf("  Zürich—Süd ")).toBe("zurich-sud");
  expect(slugOf("!!!")).toBe("");
  expect(slugOf(`${"x".repeat(62)} yz`)).toBe("x".repeat(62));
});

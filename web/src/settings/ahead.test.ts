import { expect, test } from "vitest";
import { ahead } from "./ahead.ts";

test("what is near has its time, what is far its year", () => {
  const now = new Date(2026, 10, 24, 12).getTime();
  expect(ahead(new Date(2026, 10, 25, 14, 5).getTime(), now, "en-GB")).toBe("25 Nov, 14:05");
  expect(ahead(new Date(2027, 1, 24).getTime(), now, "en-GB")).toBe("24 Feb 2027");
});

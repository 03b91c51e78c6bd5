import { expect, test } from "vitest";
import { dollars, offers, rowError } from "./kinds.ts";

test("prices are dollars in the form and micro-dollars on the wire", () => {
  const row = { key: 1, id: " big ", input: "3", output: "0.25" };
  expect(offers([row])).toEqual([{ id: "big", price: { input: 3_000_000, output: 250_000 } }]);
  expect(dollars(250_000)).toBe("0.25");
});

test("an unknown price is left out, never zero", () => {
  expect(offers([{ key: 1, id: "m", input: "", output: "" }])).toEqual([{ id: "m" }]);
  expect(offers([{ key: 1, id: " ", input: "", output: "" }])).toEqual([]);
});

test("half a price, a price without a model and a word are refused", () => {
  expect(rowError({ key: 1, id: "m", input: "1", output: "" })).toMatch(/both/);
  expect(rowError({ key: 1, id: "", input: "1", output: "2" })).toMatch(/name/);
  expect(rowError({ key: 1, id: "m", input: "one", output: "2" })).toMatch(/number/);
  expect(rowError({ key: 1, id: "m", input: "1", output: "2" })).toBeNull();
});

import { expect, test } from "vitest";
import { providerTrouble } from "./provider-trouble.ts";

test("codes get words; whatever else stands in an address gets the same ones", () => {
  expect(providerTrouble(undefined)).toBeNull();
  expect(providerTrouble("sign_up_closed")?.title).toMatch(/no account/);
  const some = providerTrouble("call +1 555 now");
  expect(some?.title).toMatch(/did not work/);
  for (const code of ["", "toString", "__proto__", "<b>x</b>"]) expect(providerTrouble(code)).toEqual(some);
});

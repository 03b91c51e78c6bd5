/** Patches as `git diff` writes them. */

export const MONEY_PATCH = `diff --git a/src/cart/money.ts b/src/cart/money.ts
index 3f1c2aa..91be0d4 100644
--- a/src/cart/money.ts
+++ b/src/cart/money.ts
@@ -1,14 +1,22 @@
-/** Adds up a cart. */
-export function total(items: Item[]): number {
-  return items.reduce((sum, item) => sum + item.price * item.quantity, 0);
+/** Adds up a cart, in cents: whole numbers cannot lose one. */
+export function total(items: Item[]): Cents {
+  return items.reduce((sum, item) => sum + item.cents * item.quantity, 0);
 }

-export function discounted(price: number, percent: number): number {
-  return price * (1 - percent / 100);
+/** Rounds half away from zero, as the invoice does. */
+export function discounted(cents: Cents, percent: number): Cents {
+  const off = (cents * percent) / 100;
+  return cents - Math.sign(off) * Math.round(Math.abs(off));
 }

-export function format(price: number): string {
-  return \`$\${price.toFixed(2)}\`;
+export function format(cents: Cents): string {
+  const sign = cents < 0 ? "-" : "";
+  const whole = Math.floor(Math.abs(cents) / 100);
+  return \`\${sign}$\${whole}.\${String(Math.abs(cents) % 100).padStart(2, "0")}\`;
 }
+
+/** A price in the smallest unit there is. */
+export type Cents = number;
@@ -41,6 +49,7 @@ export function tax(items: Item[], rate: number): number {
   const net = total(items);
   if (rate < 0) {
     throw new RangeError("a rate is not negative");
   }
+  // Rounded once, on the sum, not on each line.
   return Math.round(net * rate);
 }
`;

const TEST_PATCH = `diff --git a/test/money.test.ts b/test/money.test.ts
new file mode 100644
index 0000000..8c1d0aa
--- /dev/null
+++ b/test/money.test.ts
@@ -0,0 +1,16 @@
+import { expect, test } from "vitest";
+import { discounted, format, total } from "../src/cart/money";
+
+test("three items at 0.10 are 0.30", () => {
+  expect(total([{ cents: 10, quantity: 3 }])).toBe(30);
+});
+
+test.each([
+  [1999, 15, 1699],
+  [1050, 33, 703],
+  [-1050, 33, -703],
+])("%i less %i%% is %i", (cents, percent, wanted) => {
+  expect(discounted(cents, percent)).toBe(wanted);
+});
+
+test("shows cents", () => expect(format(-5)).toBe("-$0.05"));
`;

const MORE = `diff --git a/src/cart/legacy_round.ts b/src/cart/legacy_round.ts
deleted file mode 100644
index 77aa001..0000000
--- a/src/cart/legacy_round.ts
+++ /dev/null
@@ -1,5 +0,0 @@
-// Kept for the old invoices. Nothing uses it any more.
-export function legacyRound(value: number): number {
-  return Math.round(value * 100) / 100;
-}
-
diff --git a/src/cart/format.ts b/src/cart/display.ts
similarity index 94%
rename from src/cart/format.ts
rename to src/cart/display.ts
index 12ab001..12ab0ff 100644
--- a/src/cart/format.ts
+++ b/src/cart/display.ts
@@ -3,7 +3,7 @@ import { format } from "./money";

 export function Price({ item }: { item: Item }) {
   return (
-    <span className="price">{format(item.price)}</span>
+    <span className="price">{format(item.cents)}</span>
   );
 }

diff --git a/docs/receipt.png b/docs/receipt.png
index 5e11aa0..9b01c7e 100644
Binary files a/docs/receipt.png and b/docs/receipt.png differ
diff --git a/scripts/migrate.sh b/scripts/migrate.sh
old mode 100644
new mode 100755
`;

export const WHOLE_PATCH = MONEY_PATCH + TEST_PATCH + MORE;

/** The part of it that is about one file. */
export function patchOf(path: string): string {
  const parts = WHOLE_PATCH.split(/(?=^diff --git )/m);
  return parts.find((part) => part.split("\n", 1)[0]?.endsWith(` b/${path}`)) ?? "";
}

/** A patch of `files` files with `lines` changed lines each. */
export function bigPatch(files: number, lines: number): string {
  const out: string[] = [];
  for (let file = 0; file < files; file += 1) {
    const path = `src/generated/part_${String(file).padStart(3, "0")}.ts`;
    out.push(
      `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n@@ -1,${lines} +1,${lines} @@\n`,
    );
    for (let line = 0; line < lines; line += 1) {
      out.push(`-export const value_${line} = ${line};\n+export const value_${line} = ${line * 2};\n`);
    }
  }
  return out.join("");
}

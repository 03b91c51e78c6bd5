/** Turns that several scenes have in common. */
import { patchOf } from "./patches.ts";
import type { Story } from "./story.ts";

const ESC = "\u001b[";

export const TEST_OUTPUT = [
  "",
  `${ESC}1m${ESC}46m RUN ${ESC}0m ${ESC}36mv4.1.12 ${ESC}90m/workspace${ESC}0m`,
  "",
  ` ${ESC}32m✓${ESC}0m test/money.test.ts ${ESC}2m(5 tests)${ESC}0m ${ESC}32m 4${ESC}2mms${ESC}0m`,
  ` ${ESC}32m✓${ESC}0m test/cart.test.ts ${ESC}2m(18 tests)${ESC}0m ${ESC}32m 31${ESC}2mms${ESC}0m`,
  ` ${ESC}33m↓${ESC}0m test/legacy.test.ts ${ESC}2m(2 tests | 2 skipped)${ESC}0m`,
  "",
  `${ESC}2m Test Files ${ESC}0m ${ESC}1m${ESC}32m2 passed${ESC}0m ${ESC}2m|${ESC}0m ${ESC}33m1 skipped${ESC}0m (3)`,
  `${ESC}2m      Tests ${ESC}0m ${ESC}1m${ESC}32m23 passed${ESC}0m (25)`,
  `${ESC}2m   Duration ${ESC}0m 642ms`,
  "",
].join("\n");

const FAILING = [
  ` ${ESC}31m❯${ESC}0m test/cart.test.ts ${ESC}2m(18 tests | ${ESC}31m1 failed${ESC}0m${ESC}2m)${ESC}0m`,
  `   ${ESC}31m×${ESC}0m applies a discount of 15 %`,
  `     ${ESC}31m→ expected 16.991500000000002 to be 16.99${ESC}0m`,
  "",
  `${ESC}31m${ESC}1mAssertionError${ESC}0m: expected 16.991500000000002 to be 16.99 ${ESC}2m// Object.is equality${ESC}0m`,
  `${ESC}36m ❯${ESC}0m test/cart.test.ts:${ESC}2m42:31${ESC}0m`,
  `${ESC}90m     40|${ESC}0m   const cart = new Cart([shirt]);`,
  `${ESC}90m     41|${ESC}0m   cart.apply({ percent: 15 });`,
  `${ESC}90m     42|${ESC}0m   expect(cart.total()).toBe(16.99);`,
  `${ESC}90m       |${ESC}0m                        ${ESC}31m^${ESC}0m`,
  "",
].join("\n");

export const PLAN_DONE = [
  { content: "Reproduce the wrong total with a test", status: "completed", priority: "high" },
  { content: "Move prices to whole cents", status: "completed", priority: "high" },
  { content: "Adapt the components that show a price", status: "completed", priority: "medium" },
  { content: "Remove the old rounding helper", status: "completed", priority: "low" },
];

/** The start of the discount story: found, reproduced, understood. */
export function looksAround(story: Story): Story {
  return story
    .reasoning(
      "The total is off by a fraction of a cent, so floating point is the first suspect. I should look at where prices are multiplied before I touch anything, and see whether a test covers it.",
    )
    .text("I'll start with the code that adds up a cart and its tests.")
    .plan(PLAN_DONE.map((item, at) => ({ ...item, status: at === 0 ? "in_progress" : "pending" })))
    .tool({
      tool: "grep",
      title: "discounted(",
      input: { pattern: "discounted\\(", path: "src" },
      output:
        "src/cart/money.ts:6:export function discounted(price: number, percent: number)\nsrc/cart/cart.ts:31:    return discounted(total(this.items), this.percent);\n",
      ms: 90,
    })
    .tool({
      tool: "read",
      title: "src/cart/money.ts",
      input: { filePath: "src/cart/money.ts" },
      output:
        "1  /** Adds up a cart. */\n2  export function total(items: Item[]): number {\n3    return items.reduce((sum, item) => sum + item.price * item.quantity, 0);\n4  }\n",
      ms: 30,
    })
    .egress("registry.npmjs.org", "allowed", "listed: registry.npmjs.org", 312)
    .bash("npm test", FAILING, 1, 2140)
    .usage({ input: 8_120, output: 420, cached: 6_800, reasoning: 120 }, 12_080);
}

/** The rest of it, up to the answer. */
export function fixesIt(story: Story): Story {
  return story
    .text(
      "Prices are floating point numbers, so `19.99 × 0.85` is `16.991500000000002`. I'll keep money in **whole cents** and round once, where a discount is applied.",
    )
    .edit("src/cart/money.ts", patchOf("src/cart/money.ts"))
    .plan(
      PLAN_DONE.map((item, at) => ({
        ...item,
        status: at < 2 ? "completed" : at === 2 ? "in_progress" : "pending",
      })),
    )
    .edit("test/money.test.ts", patchOf("test/money.test.ts"))
    .edit("src/cart/display.ts", patchOf("src/cart/display.ts"))
    .bash("git rm -q src/cart/legacy_round.ts && npm test", TEST_OUTPUT, 0, 3120)
    .plan(PLAN_DONE)
    .usage({ input: 10_300, output: 892, cached: 8_300, reasoning: 120 }, 29_150)
    .text(ANSWER);
}

export const ANSWER = `Discounts are right to the cent now, and all **23 tests pass**.

- Prices are whole cents everywhere (\`Cents\` in \`src/cart/money.ts\`); nothing multiplies dollars any more.
- A discount is rounded once, half away from zero, as the invoice does it.
- \`legacy_round.ts\` had no users left, so I removed it.

| before | after |
|---|---|
| \`16.991500000000002\` | \`16.99\` |
| \`7.034999999999999\` | \`7.03\` |

\`\`\`ts
const off = (cents * percent) / 100;
return cents - Math.sign(off) * Math.round(Math.abs(off));
\`\`\`

One thing to decide: existing carts in the database store dollars. I left them alone; say so if you want a migration.`;

/** A whole session that ended well. */
export function doneStory(story: Story): Story {
  const prompt = story.queued(
    "The total of a cart with a 15 % discount is off by a fraction of a cent. Find out why, fix it, and add tests.",
  );
  story.prepare().started(prompt);
  return fixesIt(looksAround(story)).completed();
}

/** Streams a text as deltas, as fast as asked, until it is told. */
export async function streams(
  stage: {
    wait(ms: number): Promise<void>;
    delta(
      promptId: string,
      delta: {
        message_id: string;
        part_id: string;
        kind: "text" | "reasoning" | "tool_output";
        offset: number;
        text: string;
      },
    ): void;
  },
  promptId: string,
  text: string,
  perSecond: number,
  part = "prt_live",
  kind: "text" | "reasoning" | "tool_output" = "text",
): Promise<void> {
  let offset = 0;
  const encoder = new TextEncoder();
  for (const piece of text.match(/\s*\S{1,9}/g) ?? []) {
    stage.delta(promptId, { message_id: "msg_live", part_id: part, kind, offset, text: piece });
    offset += encoder.encode(piece).length;
    await stage.wait(1000 / perSecond);
  }
}

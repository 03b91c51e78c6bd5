/** Scenes in the middle of the work: streaming, waiting for a person, done, a queue, a plan. */
import { type Scene, type SceneSession, scene } from "./scene.ts";
import { WHOLE_PATCH } from "./stories/patches.ts";
import { Story } from "./stories/story.ts";
import { ANSWER, doneStory, looksAround, PLAN_DONE, streams } from "./stories/work.ts";

const FIX =
  "The total of a cart with a 15 % discount is off by a fraction of a cent. Find out why, fix it, and add tests.";

function one(shows: string, story: Story, more: Partial<SceneSession> = {}): Scene {
  return scene({
    shows,
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events, ...more }],
  });
}

/** A story whose first turn has begun. */
function begun(minutesAgo: number, about: ConstructorParameters<typeof Story>[1] = {}): Story {
  const story = new Story(minutesAgo, about);
  const prompt = story.queued(FIX);
  return looksAround(story.prepare().started(prompt));
}

export const working = () => {
  const story = begun(1);
  const call = story.begins({
    tool: "bash",
    title: "npm test -- --watch=false",
    input: { command: "npm test -- --watch=false" },
  });
  const prompt = story.turn;
  return one("text that streams, and a command that runs", story, {
    diff: WHOLE_PATCH,
    live: async (stage) => {
      for (let line = 1; line <= 60; line += 1) {
        stage.event(
          "tool_call.updated",
          {
            tool_call_id: call,
            output_delta: ` \u001b[32m✓\u001b[0m test/part_${line}.test.ts \u001b[2m(${line} tests)\u001b[0m\n`,
          },
          prompt,
        );
        await stage.wait(40);
      }
      await streams(stage, prompt, ANSWER, 30);
    },
  });
};

export const needsPermission = () => {
  const story = begun(3, { permissions: "ask" });
  story.text("The migration has to run once against the local database before the tests make sense.");
  story.permission({
    tool: "bash",
    title: "npx prisma migrate dev --name cents",
    patterns: ["npx prisma *"],
    details: { command: "npx prisma migrate dev --name cents", workdir: "/workspace" },
  });
  return one("a permission that waits", story);
};

export const needsQuestion = () => {
  const story = begun(3);
  story.question([
    {
      header: "Rounding",
      question: "How should half a cent be rounded?",
      multiple: false,
      options: [
        { label: "Half away from zero", description: "As the printed invoice does it today" },
        { label: "Half to even", description: "As banks do; sums drift less" },
      ],
    },
    {
      header: "Also",
      question: "What else should be moved to cents?",
      multiple: true,
      options: [
        { label: "Shipping", description: "src/shipping" },
        { label: "Refunds", description: "src/refunds" },
        { label: "Nothing", description: "Only the cart" },
      ],
    },
  ]);
  return one("questions that wait", story);
};

export const done = () =>
  one("a turn that ended well, with edits", doneStory(new Story(4)), { diff: WHOLE_PATCH });

export const plan = () => {
  const story = begun(4);
  story.plan([
    ...PLAN_DONE.map((item, at) => ({
      ...item,
      status: at < 2 ? "completed" : at === 2 ? "in_progress" : "pending",
    })),
    {
      content:
        "Write a migration for carts that are stored in dollars, with a dry run that prints what would change before anything is written",
      status: "pending",
      priority: "medium",
    },
    { content: "Send the release notes", status: "cancelled", priority: null },
  ]);
  return one("a plan in progress", story, { diff: WHOLE_PATCH });
};

export const queue = () => {
  const story = begun(2);
  story.queued("Then update the changelog.", { position: 0 });
  story.queued("And open a pull request against main, with the reasons in its description.", {
    position: 1,
    author: { user_id: "usr_g", name: "grace@acme.dev" },
  });
  story.queued("Last: look for other places that multiply dollars.", { position: 2 });
  return one("prompts that wait in the queue", story);
};

export const fast = () => {
  const story = begun(1);
  const prompt = story.turn;
  return one("100 deltas a second for a minute", story, {
    live: (stage) => streams(stage, prompt, `${ANSWER}\n\n`.repeat(46), 100),
  });
};

export const doneTwice = () => {
  const story = doneStory(new Story(60));
  const prompt = story.after(120_000).queued("Thanks. Write the migration too, with a dry run.");
  story.started(prompt);
  story
    .tool({
      tool: "write",
      title: "scripts/migrate_cents.ts",
      input: { filePath: "scripts/migrate_cents.ts" },
      ms: 60,
    })
    .add("file.changed", { path: "scripts/migrate_cents.ts" }, prompt)
    .bash("npx tsx scripts/migrate_cents.ts --dry-run", "carts: 1,204 would change, 0 are unclear\n")
    .text(
      "The migration is in `scripts/migrate_cents.ts`; the dry run would change 1,204 carts and finds none that is unclear.",
    )
    .usage({ input: 22_100, output: 2_011, cached: 18_000, reasoning: 0 }, null)
    .completed(null, { input: 22_100, output: 2_011, cached: 18_000, reasoning: 0 });
  return one("two turns, the second with a model of unknown price", story, { diff: WHOLE_PATCH });
};

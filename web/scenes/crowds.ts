/** Scenes with many: sessions, events, people, refused hosts. */
import { type SceneSession, scene } from "./scene.ts";
import { id } from "./server/ids.ts";
import { bigPatch, WHOLE_PATCH } from "./stories/patches.ts";
import { ada, grace, Story } from "./stories/story.ts";
import { ANSWER, doneStory, looksAround, TEST_OUTPUT } from "./stories/work.ts";

const TITLES = [
  "Fix the rounding of discounts",
  "Upgrade to React 19",
  "Why is the search slow on Mondays?",
  "Dark mode for the invoice",
  "Replace moment with Temporal",
  "Flaky test in checkout.spec",
  "Write an importer for the old catalogue, keep the numbers",
  "Rate limit of the public API",
  "Remove the feature flag new-cart",
  "Explain the build",
];
const REPOSITORIES = ["acme/shop", "acme/api", "acme/infrastructure-and-other-things", "lovelace/engine"];

export const manySessions = () => {
  const sessions: SceneSession[] = Array.from({ length: 60 }, (_, at) => {
    const story = new Story(2 + at * at * 3, {
      title: at === 17 ? null : `${TITLES[at % TITLES.length]}`,
      repository: `https://github.com/${REPOSITORIES[at % REPOSITORIES.length]}`,
      by: at % 3 === 0 ? grace : ada,
    });
    const prompt = story.queued(`Number ${at}: ${TITLES[at % TITLES.length]}.`);
    story.prepare().started(prompt);
    looksAround(story);
    if (at === 1 || at === 9)
      story.permission({ tool: "bash", title: "npm publish --dry-run", patterns: ["npm publish *"] });
    else if (at === 2 || at === 3) story.text("Looking at the slow query log now.");
    else if (at === 5) {
      const error = {
        code: "model_error",
        message: "The model provider is overloaded.",
        next_step: "Send the prompt again.",
      };
      story.failed(error).status("failed", "attempt_failed", `${error.message} ${error.next_step}`);
    } else {
      story.text(ANSWER).completed(at % 7 === 0 ? null : 12_000 + at * 3_417);
      if (at > 12)
        story.status(
          "hibernated",
          "hibernated",
          "Asleep: wakes when you write. The sandbox is stopped; workspace and conversation are kept.",
        );
    }
    return { id: story.id, events: story.events, diff: WHOLE_PATCH };
  });
  return scene({ shows: "sixty sessions in every state", path: `/sessions/${sessions[0]?.id}`, sessions });
};

export const long = () => {
  const story = new Story(600, { title: "A long day" });
  let first = true;
  while (story.events.length < 4_950) {
    const prompt = story
      .after(4_000)
      .queued(
        `Step ${story.events.length}: go on with the next module, run its tests and say what you found.`,
      );
    if (first) story.prepare();
    first = false;
    story.started(prompt);
    for (let round = 0; round < 6; round += 1) {
      story
        .reasoning(
          "The next module has the same shape as the one before. I'll read it, change the names, and run the tests.",
        )
        .tool({
          tool: "read",
          title: `src/module_${story.events.length}.ts`,
          input: { filePath: `src/module_${story.events.length}.ts` },
          output: "export const value = 1;\n".repeat(40),
        })
        .bash(`npm test -- module_${story.events.length}`, TEST_OUTPUT)
        .text(
          `Module **${story.events.length}** is done. It had \`${round}\` findings, none of which changes what the user sees.`,
        );
    }
    story.usage({ input: 18_420, output: 1_312, cached: 15_100, reasoning: 240 }, 31_000);
    story.text(ANSWER).completed(31_000);
  }
  return scene({
    shows: "five thousand events",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events, diff: bigPatch(120, 60) }],
  });
};

export const severalPeople = () => {
  const story = doneStory(new Story(40));
  const second = story
    .after(30_000)
    .queued("Nice. Could you also write the migration, Grace asked?", { author: ada });
  story.started(second).text("Yes: it is in `scripts/migrate_cents.ts`.").completed();
  const third = story
    .after(20_000)
    .queued("Please add a dry run before anything is written.", { author: grace });
  story.started(third).text("Adding `--dry-run`, on by default.");
  return scene({
    shows: "three people in one session",
    path: `/sessions/${story.id}`,
    sessions: [
      {
        id: story.id,
        events: story.events,
        diff: WHOLE_PATCH,
        people: [
          { user_id: grace.user_id, name: "grace@acme.dev" },
          { user_id: id("usr", 3), name: "linus@acme.dev" },
        ],
      },
    ],
  });
};

export const egressDenied = () => {
  const story = new Story(5, { title: "Download the exchange rates" });
  const prompt = story.queued("Download today's exchange rates and put them into rates.json.");
  story.prepare().started(prompt);
  story
    .egress("registry.npmjs.org", "allowed", "listed: *.npmjs.org", 184)
    .egress("github.com", "allowed", "the session's own host", 3)
    .bash(
      "curl -sS https://api.exchangerate.host/latest",
      "curl: (56) CONNECT tunnel failed, response 403\negress proxy: api.exchangerate.host:443 is refused: the host is not on the list of allowed hosts.\n",
      56,
    )
    .egress("api.exchangerate.host", "denied", "the host is not on the list of allowed hosts", 4)
    .egress("metadata.google.internal", "denied", "the address is private to the server's network", 1, 80)
    .egress("api.exchangerate.host", "denied", "the host is not on the list of allowed hosts", 8)
    .text(
      "The sandbox may not reach `api.exchangerate.host`. An operator can allow it; until then I can read the rates from a file you give me.",
    )
    .completed();
  return scene({
    shows: "hosts that were refused",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events }],
  });
};

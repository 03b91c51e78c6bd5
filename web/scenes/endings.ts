/** Scenes that stopped: failed in several ways, asleep, archived, offline. */
import { type SceneSession, scene } from "./scene.ts";
import { WHOLE_PATCH } from "./stories/patches.ts";
import { Story } from "./stories/story.ts";
import { doneStory, looksAround } from "./stories/work.ts";

interface Failure {
  title: string;
  error: { code: string; message: string; next_step: string; detail?: string };
}

const FAILURES: Failure[] = [
  {
    title: "Upgrade the payment library",
    error: {
      code: "model_error",
      message: "The model provider refused the request: the credit of this key is used up.",
      next_step:
        "Add credit or another key under Settings, then send the prompt again. The workspace is kept.",
      detail:
        'HTTP 402 from anthropic\n{"type":"error","error":{"type":"billing_error","message":"Your credit balance is too low"}}',
    },
  },
  {
    title: "Build the importer",
    error: {
      code: "setup_failed",
      message: "The set-up command `npm ci` failed with exit code 1.",
      next_step:
        "Change the set-up commands of this session or fix the lock file, then send the prompt again.",
      detail:
        "npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.\nnpm error Missing: left-pad@1.3.0 from lock file",
    },
  },
  {
    title: "Profile the search",
    error: {
      code: "sandbox_lost",
      message: "The sandbox was lost while the agent worked: it used more memory than its limit of 4 GiB.",
      next_step: "Send the prompt again: workspace and conversation are kept.",
    },
  },
  {
    title: "Clone the wrong repository",
    error: {
      code: "clone_failed",
      message: "The repository could not be cloned: it does not exist, or it is private.",
      next_step: "Check the address of the repository, and that the server may reach it.",
      detail: "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    },
  },
];

export const failed = () => {
  const sessions: SceneSession[] = FAILURES.map(({ title, error }, at) => {
    const story = new Story(30 + at * 45, { title });
    const prompt = story.queued(`${title}, please.`);
    story.prepare().started(prompt);
    looksAround(story).failed(error);
    story.status("failed", "attempt_failed", `${error.message} ${error.next_step}`);
    return { id: story.id, events: story.events };
  });
  return scene({
    shows: "turns that failed, each with cause and next step",
    path: `/sessions/${sessions[0]?.id}`,
    sessions,
  });
};

export const hibernated = () => {
  const story = doneStory(new Story(190));
  story.after(600_000).add("sandbox.snapshotted", { sandbox_id: "sbx_1", generation: 1, snapshot: "snap_1" });
  story.add("sandbox.stopped", { sandbox_id: sandboxOf(story), generation: 1, cause: "hibernated" });
  story.status(
    "hibernated",
    "hibernated",
    "Asleep: wakes when you write. The sandbox is stopped; workspace and conversation are kept.",
  );
  return scene({
    shows: "a session that sleeps",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events, diff: WHOLE_PATCH }],
  });
};

export const archived = () => {
  const story = doneStory(new Story(3000));
  story.after(900_000).add("session.archived", { by: { user_id: "usr_a", name: "ada@acme.dev" } });
  story.status(
    "archived",
    "archived",
    "The session is archived; it can be read, not continued.",
    undefined,
    "user",
  );
  return scene({
    shows: "a session that was closed",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events, diff: WHOLE_PATCH }],
  });
};

export const offline = () => {
  const story = new Story(2);
  const prompt = story.queued("Look for places that multiply dollars.");
  looksAround(story.prepare().started(prompt));
  return scene({
    shows: "a lost connection",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events }],
    network: "drops",
  });
};

function sandboxOf(story: Story): unknown {
  return story.events.find((event) => event.type === "sandbox.requested")?.data.sandbox_id;
}

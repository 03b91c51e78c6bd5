/** Scenes before there is much to see: nothing yet, no key yet, signed out, the first session. */
import { scene } from "./scene.ts";
import { NO_KEY_MODELS } from "./server/house.ts";
import { Story } from "./stories/story.ts";

export const empty = () => scene({ shows: "no session yet", path: "/", sessions: [] });

export const signedOut = () =>
  scene({ shows: "the sign-in page", path: "/sign-in", sessions: [], signedIn: false });

export const noKey = () =>
  scene({
    shows: "no key at any provider: the demo model and the way to a key",
    path: "/new",
    sessions: [],
    models: NO_KEY_MODELS,
    providers: [],
  });

export const firstSession = () => {
  const story = new Story(1, { title: "Say hello", repository: null, model: "demo/scripted" });
  const prompt = story.queued("say: Hello! I am the demo model: I do what your lines say.\nrun: ls -la");
  story
    .prepare()
    .started(prompt, "demo/scripted")
    .text("Hello! I am the demo model: I do what your lines say.")
    .bash(
      "ls -la",
      "total 8\ndrwxr-xr-x 2 agent agent 4096 Nov 24 09:00 .\ndrwxr-xr-x 5 agent agent 4096 Nov 24 09:00 ..\n",
    )
    .completed(0, { input: 210, output: 31, cached: 0, reasoning: 0 });
  return scene({
    shows: "a first session with the demo model",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events }],
    models: NO_KEY_MODELS,
    providers: [],
  });
};

export const preparing = () => {
  const story = new Story(0.2);
  story.queued("Add a dark mode to the settings page and keep the choice in the profile.");
  story.prepare("setup");
  return scene({
    shows: "a sandbox being prepared, phase by phase",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events }],
  });
};

export const cloning = () => {
  const story = new Story(0.1);
  story.queued("What does this repository do? Answer in three sentences.");
  story.prepare("clone");
  return scene({
    shows: "a clone with its progress",
    path: `/sessions/${story.id}`,
    sessions: [{ id: story.id, events: story.events }],
  });
};

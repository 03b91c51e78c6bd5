import { expect, test } from "vitest";
import { emptyDraft, isAddress, toCreate, withPlan } from "./draft.ts";

const plan = {
  package_manager: "npm",
  files_scanned: 1,
  install: ["npm ci"],
  test: [],
  start: [],
  runtimes: [],
  evidence: [],
};

test("a plan fills the commands, and never a person's own text", () => {
  const first = { ...emptyDraft(), ...withPlan(emptyDraft(), plan) };
  expect(first.commands).toBe("npm ci");
  const own = { ...first, commands: "make deps" };
  expect(withPlan(own, { ...plan, install: ["pnpm install"] })).toEqual({ suggested: "pnpm install" });
});

test("set-up commands are sent only when they were asked for", () => {
  const draft = {
    ...emptyDraft(),
    agent: "opencode",
    model: "demo/scripted",
    commands: "npm ci\n\n make \n",
  };
  expect(toCreate(draft)).not.toHaveProperty("setup");
  expect(toCreate({ ...draft, setUp: "commands" }).setup).toEqual(["npm ci", "make"]);
  expect(toCreate({ ...draft, setUp: "env_1" })).toMatchObject({ environment_id: "env_1" });
});

test("the prompt goes out as it was written", () => {
  const draft = { ...emptyDraft(), prompt: "  two\n lines " };
  expect(toCreate(draft).prompt).toBe("  two\n lines ");
  expect(toCreate({ ...draft, prompt: " \n" })).not.toHaveProperty("prompt");
});

test("addresses", () => {
  expect(isAddress("https://github.com/owner/name.git")).toBe(true);
  for (const odd of [
    "",
    "github.com/owner/name",
    "ssh://git@host/x",
    "javascript:alert(1)",
    "https://host/",
  ]) {
    expect(isAddress(odd)).toBe(false);
  }
});

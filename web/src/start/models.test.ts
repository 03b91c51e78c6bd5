import { expect, test } from "vitest";
import { modelChoices } from "./models.tsx";

const demo = {
  id: "demo/scripted",
  provider: "demo",
  api: "openai-chat" as const,
  available: true,
  demo: true,
  context: 1,
  max_output: 1,
};

test("with nothing but the demo there is no real model", () => {
  expect(modelChoices({ items: [demo], providers: [] }).onlyDemo).toBe(true);
  expect(modelChoices(undefined).onlyDemo, "as it was the last time").toBe(true);
});

test("a provider that takes any model is an open one; one that can't be used is not", () => {
  const provider = { id: "mpr_1", provider: "mine", api: "openai-chat" as const, models: "any" as const };
  const list = {
    items: [demo],
    providers: [
      { ...provider, available: true },
      { ...provider, provider: "off", available: false },
    ],
  };
  const { choices, onlyDemo } = modelChoices(list);
  expect(choices.open).toEqual(["mine"]);
  expect(onlyDemo).toBe(false);
});

test("a model that can't be used stays in the list and says why", () => {
  const { choices } = modelChoices({
    items: [{ ...demo, id: "a/b", demo: false, available: false, reason: "No key" }],
    providers: [],
  });
  expect(choices.options[0]?.disabledReason).toBe("No key");
});

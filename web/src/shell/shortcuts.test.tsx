// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { byGroup } from "./shortcut-sheet.tsx";
import { listen, register, shownKeys, useShortcut, useShortcuts } from "./shortcuts.ts";

let stop: () => void;
beforeEach(() => {
  stop = listen();
});
afterEach(() => {
  stop();
  document.body.replaceChildren();
  useShortcuts.setState({ list: [] });
});

function on(keys: string, inText = false) {
  const run = vi.fn();
  register({ keys, label: keys, group: "Anywhere", inText, run });
  return run;
}

function Request({ run }: { run: () => void }) {
  useShortcut("y", "Allow once", run, { group: "Conversation" });
  return null;
}

test("a plain key does its work once, and not with Ctrl or in a text field", () => {
  const run = on("n");
  document.body.innerHTML = "<input aria-label=field>";
  fireEvent.keyDown(document.body, { key: "n" });
  fireEvent.keyDown(document.body, { key: "n", ctrlKey: true });
  fireEvent.keyDown(screen.getByLabelText("field"), { key: "n" });
  expect(run).toHaveBeenCalledTimes(1);
});

test("a chord works everywhere, with Ctrl or Command", () => {
  const run = on("Mod+k");
  document.body.innerHTML = "<textarea aria-label=field></textarea>";
  fireEvent.keyDown(screen.getByLabelText("field"), { key: "k", ctrlKey: true });
  fireEvent.keyDown(document.body, { key: "K", metaKey: true });
  fireEvent.keyDown(document.body, { key: "k" });
  expect(run).toHaveBeenCalledTimes(2);
});

test("Escape twice is one sequence; what closed a dialog is no part of it", () => {
  const run = on("Escape Escape", true);
  const press = (prevented = false) => {
    const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    if (prevented) event.preventDefault();
    document.body.dispatchEvent(event);
  };
  press(true);
  press();
  expect(run).not.toHaveBeenCalled();
  press();
  expect(run).toHaveBeenCalledTimes(1);
  press();
  expect(run).toHaveBeenCalledTimes(1);
});

test("plain keys rest while a dialog is open", () => {
  const run = on("j");
  document.body.innerHTML = "<div role=dialog></div>";
  fireEvent.keyDown(document.body, { key: "j" });
  expect(run).not.toHaveBeenCalled();
});

test("the newest with the same key wins, and gives it back when it leaves", () => {
  const older = on("y");
  const newer = vi.fn();
  const { unmount } = render(<Request run={newer} />);
  fireEvent.keyDown(document.body, { key: "y" });
  unmount();
  fireEvent.keyDown(document.body, { key: "y" });
  expect([newer.mock.calls.length, older.mock.calls.length]).toEqual([1, 1]);
});

test("the sheet lists each key once, under its newest heading", () => {
  on("y");
  register({ keys: "y", label: "Allow once", group: "Conversation", inText: false, run: () => {} });
  const groups = byGroup(useShortcuts.getState().list);
  expect(groups.map(([name, list]) => [name, list.map(({ label }) => label)])).toEqual([
    ["Conversation", ["Allow once"]],
  ]);
  expect([shownKeys("Mod+k"), shownKeys("Escape Escape"), shownKeys("n")]).toEqual(["Mod+K", "Esc Esc", "n"]);
});

// @vitest-environment jsdom
import { CoordinatorError } from "@agent-coordinator/client";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coordinator } from "../data/index.ts";
import { TooltipProvider } from "../ui/index.ts";
import { CodeForm } from "./code-form.tsx";

const refused = (code: string, status: number, retryAfterMs?: number) =>
  new CoordinatorError({ status, code, title: code, detail: `It is ${code}.`, retryAfterMs });
const signIn = vi.spyOn(coordinator.auth, "signInWithCode");
const onSignedIn = vi.fn(async () => undefined);
const onStartOver = vi.fn();

beforeEach(() => {
  signIn.mockReset();
  onSignedIn.mockClear();
  onStartOver.mockClear();
});
afterEach(cleanup);

function show(expiresAt: string | null = null) {
  render(
    <TooltipProvider>
      <CodeForm challenge="chl" expiresAt={expiresAt} onSignedIn={onSignedIn} onStartOver={onStartOver} />
    </TooltipProvider>,
  );
}

async function type(code: string): Promise<void> {
  fireEvent.change(screen.getByRole("textbox"), { target: { value: code } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await vi.waitFor(() => expect(screen.queryByRole("button", { busy: true })).toBeNull());
}

test("the field has the focus, and a right code signs in", async () => {
  signIn.mockResolvedValue({ me: { user: {} } } as never);
  show();
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Code" }));
  await type(" 123456 ");
  expect(signIn).toHaveBeenCalledWith({ challenge: "chl", code: "123456" });
  expect(onSignedIn).toHaveBeenCalledOnce();
});

test("a wrong code is said; after the fifth one has to begin anew", async () => {
  signIn.mockRejectedValue(refused("second_factor_failed", 401));
  show();
  for (let guess = 1; guess <= 4; guess += 1) await type("000000");
  expect(screen.getByRole("alert").textContent).toContain("This code is wrong");
  await type("000000");
  expect(screen.getByRole("alert").textContent).toContain("wrong too often");
  fireEvent.click(screen.getByRole("button", { name: "Back to the sign-in" }));
  expect(onStartOver).toHaveBeenCalledOnce();
});

test("too many attempts say for how long, to the second", async () => {
  signIn.mockRejectedValue(refused("rate_limited", 429, 272_000));
  show();
  await type("123456");
  expect(screen.getByRole("timer").textContent).toMatch(/^Try again in 4 min 3[12] s\.$/);
});

test("a recovery code is another field; a challenge that is over asks for the password again", () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Use a recovery code" }));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Recovery code" }));
  cleanup();
  show(new Date(Date.now() - 1_000).toISOString());
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByRole("alert").textContent).toContain("took too long");
});

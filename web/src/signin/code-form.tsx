/** The second step of signing in: the six digits of the authenticator, or one of the recovery codes. */

import type { Me } from "@agent-coordinator/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, isCode, useAttempt } from "../account/attempt.tsx";
import { Notice } from "../account/notice.tsx";
import { coordinator } from "../data/index.ts";
import { Button, Field, Input, useNow } from "../ui/index.ts";

/** The server takes no more for one right password. */
const GUESSES = 5;

export interface Challenge {
  challenge: string;
  /** When it ends; null when that was not said. */
  expiresAt: string | null;
}

export interface CodeFormProps extends Challenge {
  onSignedIn: (me: Me) => Promise<void>;
  onStartOver: () => void;
}

export function CodeForm({ challenge, expiresAt, onSignedIn, onStartOver }: CodeFormProps) {
  const attempt = useAttempt();
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const late = useNow() >= Date.parse(expiresAt ?? "9999-01-01");
  const over = wrong >= GUESSES || late;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is another one after a change of kind
  useEffect(() => field.current?.focus(), [recovery]);
  useEffect(() => {
    if (!isCode(attempt.error, "second_factor_failed")) return;
    setWrong((times) => times + 1);
    field.current?.select();
  }, [attempt.error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!code.trim()) return field.current?.focus();
    void attempt.run(async () => {
      const signed = await coordinator.auth.signInWithCode({ challenge, code: code.trim() });
      await onSignedIn(signed.me);
    });
  };
  const change = () => {
    setRecovery(!recovery);
    setCode("");
  };

  if (over) {
    return (
      <>
        <Notice title={late ? "This took too long" : "That code was wrong too often"}>
          Sign in with your password again to get another try.
        </Notice>
        <Button variant="primary" onClick={onStartOver} className="w-full" autoFocus>
          Back to the sign-in
        </Button>
      </>
    );
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field
        key={recovery ? "recovery" : "digits"}
        label={recovery ? "Recovery code" : "Code"}
        hint={
          recovery
            ? "One of those that you kept when you set the authenticator up. Each works once."
            : "The six digits that your authenticator shows."
        }
      >
        {(tie) => (
          <Input
            {...tie}
            ref={field}
            name={recovery ? "recovery-code" : "one-time-code"}
            inputMode={recovery ? "text" : "numeric"}
            autoComplete={recovery ? "off" : "one-time-code"}
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={64}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            className="font-mono tracking-[0.12em]"
          />
        )}
      </Field>
      <Failure
        attempt={attempt}
        words={{
          second_factor_failed: recovery
            ? "This is no recovery code of yours, or it was used before."
            : "This code is wrong, was used before, or came too late. Wait for the next one.",
        }}
      />
      <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
        Sign in
      </Button>
      <div className="-mx-2 flex flex-wrap justify-between gap-x-2">
        <Button variant="ghost" size="small" onClick={change}>
          {recovery ? "Use the authenticator" : "Use a recovery code"}
        </Button>
        <Button variant="ghost" size="small" onClick={onStartOver}>
          Start over
        </Button>
      </div>
    </form>
  );
}

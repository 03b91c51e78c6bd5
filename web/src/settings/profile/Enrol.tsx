/** Sets an authenticator up: its secret as a picture and as text, and the first code that proves that it works. */
import type { TotpStarted } from "@agent-coordinator/client";
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { Failure, isCode, useAttempt } from "~/account/attempt.tsx";
import { coordinator } from "~/data/index.ts";
import { Button, CopyButton, Field, Input, Skeleton } from "~/ui/index.ts";
import { spaced } from "./recovery.ts";

/** Fetched when it is wanted, with what draws it. */
const QrCode = lazy(() => import("./QrCode.tsx").then((part) => ({ default: part.QrCode })));

export interface EnrolProps {
  started: TotpStarted;
  onConfirmed: (recoveryCodes: string[]) => void;
  onCancel: () => void;
}

export function Enrol({ started, onConfirmed, onCancel }: EnrolProps) {
  const attempt = useAttempt();
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (isCode(attempt.error, "second_factor_failed")) field.current?.select();
  }, [attempt.error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!code.trim()) return field.current?.focus();
    void attempt.run(async () => onConfirmed(await coordinator.auth.confirmTotp(code.trim())));
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label="Set up an authenticator"
      className="flex flex-col gap-5 border-t border-line pt-4 sm:flex-row"
    >
      <Suspense fallback={<Skeleton className="size-44 shrink-0 self-center sm:self-start" />}>
        <QrCode text={started.uri} label="QR code for your authenticator" />
      </Suspense>
      <div className="flex min-w-0 flex-1 flex-col gap-4">
        <div>
          <p className="font-semibold">1. Scan the code with your authenticator</p>
          <p className="mt-0.5 text-pretty text-muted">
            Any app that knows time-based codes does. If it can't scan, type this secret in:
          </p>
          <div className="mt-1.5 flex items-start gap-1 rounded-control border border-line bg-surface py-1 pr-1 pl-2.5">
            <code className="min-w-0 flex-1 py-0.5 [overflow-wrap:anywhere]">{spaced(started.secret)}</code>
            <CopyButton text={started.secret} label="Copy the secret" />
          </div>
        </div>
        <Field label={<span className="font-semibold">2. Type the six digits that it shows</span>}>
          {(tie) => (
            <Input
              {...tie}
              ref={field}
              name="one-time-code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              maxLength={16}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              className="max-w-40 font-mono tracking-[0.12em]"
            />
          )}
        </Field>
        <Failure
          attempt={attempt}
          words={{
            second_factor_failed:
              "This is not the code of now. Check that the phone's clock is right, and take the next one.",
            conflict: "This was begun anew in another browser, or finished there. Cancel, and start again.",
          }}
        />
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" type="submit" busy={attempt.busy}>
            Turn it on
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      </div>
    </form>
  );
}

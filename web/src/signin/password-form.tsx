/** E-mail address and password, as password managers know them. */
import { CoordinatorError, type Me } from "@agent-coordinator/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { coordinator } from "../data/index.ts";
import { Button, ErrorNote, Field, Input, useNow } from "../ui/index.ts";

export function PasswordForm({ onSignedIn }: { onSignedIn: (me: Me) => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [again, setAgain] = useState(0);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => email.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const words = { email: email.current?.value.trim() ?? "", password: password.current?.value ?? "" };
    if (!words.email || !words.password) {
      (words.email ? password : email).current?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await onSignedIn((await coordinator.auth.signIn(words)).me);
    } catch (failure) {
      setError(failure);
      if (isCode(failure, "rate_limited")) setAgain(Date.now() + (failure.retryAfterMs ?? 60_000));
      if (isCode(failure, "sign_in_failed")) password.current?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <Field label="E-mail address">
        {(tie) => (
          <Input
            {...tie}
            ref={email}
            name="email"
            type="email"
            inputMode="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        )}
      </Field>
      <Field label="Password">
        {(tie) => (
          <Input
            {...tie}
            ref={password}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      {error !== null && <Failure error={error} again={again} />}
      <Button type="submit" variant="primary" busy={busy} className="w-full">
        Sign in
      </Button>
      <p className="text-small text-muted">
        No password yet? Open the sign-in link that the server printed when it started, or ask whoever runs it
        for one.
      </p>
    </form>
  );
}

function Failure({ error, again }: { error: unknown; again: number }) {
  if (isCode(error, "sign_in_failed")) {
    return (
      <p role="alert" className="text-bad">
        E-mail address and password do not fit together. Check both and try again.
      </p>
    );
  }
  if (isCode(error, "rate_limited")) return <Throttled until={again} />;
  return <ErrorNote error={error} />;
}

function Throttled({ until }: { until: number }) {
  const now = useNow("second");
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const left = seconds >= 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
  return (
    <p role="alert" className="text-bad">
      Too many attempts. {seconds > 0 ? `Try again in ${left}.` : "You can try again now."}
    </p>
  );
}

function isCode(error: unknown, code: string): error is CoordinatorError {
  return error instanceof CoordinatorError && error.code === code;
}

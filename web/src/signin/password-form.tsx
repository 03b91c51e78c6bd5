/** E-mail address and password, as password managers know them. */
import { type Me, SecondFactorRequired } from "@agent-coordinator/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, isCode, useAttempt } from "../account/attempt.tsx";
import { PasswordField } from "../account/password-field.tsx";
import { coordinator } from "../data/index.ts";
import { Button } from "../ui/index.ts";
import { EmailField } from "./email-field.tsx";

const WORDS = {
  sign_in_failed: "E-mail address and password do not fit together. Check both and try again.",
};

export interface PasswordFormProps {
  onSignedIn: (me: Me) => Promise<void>;
  /** The password was right; a code is needed as well. */
  onSecondFactor: (needed: SecondFactorRequired) => void;
}

export function PasswordForm({ onSignedIn, onSecondFactor }: PasswordFormProps) {
  const attempt = useAttempt();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => emailField.current?.focus(), []);
  useEffect(() => {
    if (isCode(attempt.error, "sign_in_failed")) passwordField.current?.select();
  }, [attempt.error]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!email.trim()) return emailField.current?.focus();
    if (!password) return passwordField.current?.focus();
    await attempt.run(async () => {
      try {
        await onSignedIn((await coordinator.auth.signIn({ email: email.trim(), password })).me);
      } catch (failure) {
        if (!(failure instanceof SecondFactorRequired)) throw failure;
        onSecondFactor(failure);
      }
    });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <EmailField ref={emailField} value={email} onChange={setEmail} />
      <PasswordField ref={passwordField} value={password} onChange={setPassword} />
      <Failure attempt={attempt} words={WORDS} />
      <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
        Sign in
      </Button>
    </form>
  );
}

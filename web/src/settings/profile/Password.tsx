/** Sets the password, or another one. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, refusal, useAttempt } from "~/account/attempt.tsx";
import { NewPassword, PasswordField } from "~/account/password-field.tsx";
import { weakness } from "~/account/password-rule.ts";
import { accountKeys } from "~/data/account.ts";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button } from "~/ui/index.ts";

export interface PasswordProps {
  hasOne: boolean;
  email: string;
  /** Names of the organisations, which a password must not contain. */
  slugs: readonly string[];
}

const WRONG = "This is not the present password.";

export function Password({ hasOne, email, slugs }: PasswordProps) {
  const attempt = useAttempt();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const currentField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const refusedCurrent = refusal(attempt.error, "current_password");
  useEffect(() => {
    if (refusedCurrent) currentField.current?.select();
  }, [refusedCurrent]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (weakness(password, { email, slugs })) return passwordField.current?.focus();
    void attempt.run(async () => {
      await coordinator.auth.setPassword({ password, ...(current ? { current_password: current } : {}) });
      setCurrent("");
      setPassword("");
      setTried(false);
      setSaved(true);
      refresh(keys.me, accountKeys.browsers);
    });
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label="Password"
      className="flex flex-col gap-4 rounded-control border border-line px-3.5 py-3.5"
    >
      <div>
        <h2 className="font-semibold">{hasOne ? "Change the password" : "Set a password"}</h2>
        <p className="mt-0.5 text-pretty text-muted">
          {hasOne
            ? "Your other browsers are signed out when it changes."
            : "You came in without one. With a password you can come back by yourself."}
        </p>
      </div>
      <div className="flex max-w-90 flex-col gap-4">
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        {hasOne && (
          <PasswordField
            ref={currentField}
            label="Current password"
            value={current}
            onChange={setCurrent}
            hint="Not needed within 15 minutes of signing in by a link."
            error={refusedCurrent && WRONG}
          />
        )}
        <NewPassword
          ref={passwordField}
          value={password}
          onChange={(text) => {
            setPassword(text);
            setSaved(false);
          }}
          knows={{ email, slugs }}
          tried={tried}
          error={refusal(attempt.error, "password")}
        />
        <Failure attempt={attempt} fields={["current_password", "password"]} />
      </div>
      <div className="flex items-center gap-3">
        <Button variant="primary" type="submit" busy={attempt.busy}>
          {hasOne ? "Change password" : "Set password"}
        </Button>
        <span role="status" className="text-ok">
          {saved ? "Saved." : ""}
        </span>
      </div>
    </form>
  );
}

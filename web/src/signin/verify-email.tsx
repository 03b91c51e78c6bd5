/** Proves the address of a sign-up: the link of the message, and the password that was chosen. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, isCode, useAttempt } from "../account/attempt.tsx";
import { PasswordField } from "../account/password-field.tsx";
import { coordinator } from "../data/index.ts";
import { Button, buttonClass } from "../ui/index.ts";
import { dropInvitation } from "./held.ts";
import { Aside, LINK, Outside } from "./outside.tsx";
import { useToken } from "./token.ts";
import { useWelcome } from "./welcome.ts";

const WORDS = {
  sign_in_failed: "This is not the password that was chosen when the account was asked for.",
};

export function VerifyEmailPage() {
  const { token, drop } = useToken("/verify-email");
  const welcome = useWelcome();
  const attempt = useAttempt();
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const used = isCode(attempt.error, "link_expired");
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (isCode(attempt.error, "sign_in_failed")) field.current?.select();
  }, [attempt.error]);

  if (token === null || used) {
    return (
      <Outside
        title={used ? "This link does not work any more" : "Open the link of the message"}
        about={
          used
            ? "A link works once, within 24 hours. It was used, is too old, or a part of it was lost when it was copied."
            : "The link that proves your address is in the message that we sent. Open it again, whole."
        }
      >
        <div className="flex flex-wrap gap-2">
          <Link to="/sign-in" className={buttonClass("primary")}>
            Sign in
          </Link>
          <Link to="/sign-up" className={buttonClass("secondary")}>
            Ask for another message
          </Link>
        </div>
      </Outside>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!password) return field.current?.focus();
    void attempt.run(async () => {
      const signed = await coordinator.auth.verifyEmail({ token, password });
      drop();
      dropInvitation();
      await welcome(signed.me);
    });
  };
  return (
    <Outside
      title="Confirm your address"
      about="Enter the password that you chose when you made the account. Then you are signed in."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <PasswordField ref={field} value={password} onChange={setPassword} />
        <Failure attempt={attempt} words={WORDS} />
        <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
          Confirm and sign in
        </Button>
      </form>
      <Aside>
        <p>
          Don't know it any more?{" "}
          <Link to="/sign-up" className={LINK}>
            Make the account again
          </Link>{" "}
          with another one. If you did not ask for an account, close this page: without the password there is
          none.
        </p>
      </Aside>
    </Outside>
  );
}

/** A forgotten password: asks for a message, and with its link sets a new one. */

import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, isCode, refusal, useAttempt } from "../account/attempt.tsx";
import { Notice } from "../account/notice.tsx";
import { NewPassword } from "../account/password-field.tsx";
import { weakness } from "../account/password-rule.ts";
import { coordinator } from "../data/index.ts";
import { Button, buttonClass } from "../ui/index.ts";
import { EmailField, looksLikeAddress, NO_ADDRESS } from "./email-field.tsx";
import { MailSent } from "./mail-sent.tsx";
import { Aside, LINK, Outside } from "./outside.tsx";
import { useToken } from "./token.ts";

export function ResetPage() {
  const { token, drop } = useToken("/reset");
  const [end, setEnd] = useState<"done" | "expired" | null>(null);
  if (token !== null) {
    return (
      <Confirm
        key={token}
        token={token}
        onEnd={(how) => {
          drop();
          setEnd(how);
        }}
      />
    );
  }
  if (end === "done") return <Done />;
  return <Request expired={end === "expired"} />;
}

function Request({ expired }: { expired: boolean }) {
  const attempt = useAttempt();
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!sent) field.current?.focus();
  }, [sent]);
  const ask = async () => {
    await coordinator.auth.requestReset(email.trim());
    setSent(true);
  };
  if (sent) {
    return (
      <Outside title="Check your mail">
        <MailSent email={email.trim()} again={ask} onBack={() => setSent(false)}>
          If this address has an account, a message with a link is on its way. The link sets a new password,
          once, within an hour.
        </MailSent>
        <Aside>
          <p>
            <Link to="/sign-in" className={LINK}>
              Back to the sign-in
            </Link>
          </p>
        </Aside>
      </Outside>
    );
  }
  const address = looksLikeAddress(email);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!address) return field.current?.focus();
    void attempt.run(ask);
  };
  const wrong = tried && !address ? NO_ADDRESS : refusal(attempt.error, "email") && NO_ADDRESS;
  return (
    <Outside
      title="Set a new password"
      about="We send a link to the address of your account. With it you set a new password."
    >
      {expired && (
        <Notice title="This link does not work any more">
          A link sets a password once, within an hour. Ask for another one here.
        </Notice>
      )}
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <EmailField ref={field} value={email} onChange={setEmail} error={wrong} />
        <Failure attempt={attempt} fields={["email"]} />
        <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
          Send the link
        </Button>
      </form>
      <Aside>
        <p>
          <Link to="/sign-in" className={LINK}>
            Back to the sign-in
          </Link>
        </p>
      </Aside>
    </Outside>
  );
}

function Confirm({ token, onEnd }: { token: string; onEnd: (how: "done" | "expired") => void }) {
  const attempt = useAttempt();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (weakness(password)) return field.current?.focus();
    void attempt.run(async () => {
      try {
        await coordinator.auth.confirmReset({ token, password });
      } catch (failure) {
        if (!isCode(failure, "link_expired")) throw failure;
        return onEnd("expired");
      }
      onEnd("done");
    });
  };
  return (
    <Outside
      title="Choose a new password"
      about="It replaces the one before, and signs you out in every browser."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <NewPassword
          ref={field}
          value={password}
          onChange={setPassword}
          tried={tried}
          error={refusal(attempt.error, "password")}
        />
        <Failure attempt={attempt} fields={["password"]} />
        <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
          Set the password
        </Button>
      </form>
    </Outside>
  );
}

function Done() {
  const go = useRef<HTMLAnchorElement>(null);
  useEffect(() => go.current?.focus(), []);
  return (
    <Outside title="Your password is set">
      <p role="status" className="flex gap-2.5">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
        Every browser was signed out. Sign in with the new password.
      </p>
      <Link ref={go} to="/sign-in" className={`${buttonClass("primary")} w-full`}>
        Sign in
      </Link>
    </Outside>
  );
}

/** Making an account: an address, a password, and a message that proves the address. */

import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, refusal, useAttempt } from "../account/attempt.tsx";
import { Notice } from "../account/notice.tsx";
import { NewPassword } from "../account/password-field.tsx";
import { weakness } from "../account/password-rule.ts";
import { usePreview, useWays } from "../data/account.ts";
import { coordinator } from "../data/index.ts";
import { Button, buttonClass, Plain } from "../ui/index.ts";
import { EmailField, looksLikeAddress, NO_ADDRESS } from "./email-field.tsx";
import { dropInvitation, heldInvitation } from "./held.ts";
import { MailSent } from "./mail-sent.tsx";
import { Aside, LINK, Outside } from "./outside.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";

export function SignUpPage() {
  const ways = useWays();
  const [invitation, setInvitation] = useState(heldInvitation);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const open = ways.sign_up === "open" || (invitation !== null && ways.sign_up === "invite_only");

  const ask = async () => {
    const words = { email: email.trim(), password };
    await coordinator.auth.signUp(invitation === null ? words : { ...words, invitation });
    setSent(true);
  };

  if (sent) {
    return (
      <Outside title="Check your mail">
        <MailSent email={email.trim()} again={ask} onBack={() => setSent(false)}>
          A message is on its way to this address. Open its link within 24 hours and enter the password that
          you chose just now: then your account is there. If the address has an account already, the message
          says so.
        </MailSent>
      </Outside>
    );
  }
  if (!open) return <NotOpen inviteOnly={ways.sign_up === "invite_only"} />;
  return (
    <Outside title="Make an account">
      {invitation !== null && (
        <With
          invitation={invitation}
          {...(ways.sign_up === "open"
            ? {
                onWithout: () => {
                  dropInvitation();
                  setInvitation(null);
                },
              }
            : {})}
        />
      )}
      {ways.password && (
        <SignUpForm
          email={email}
          onEmail={setEmail}
          password={password}
          onPassword={setPassword}
          onSubmit={ask}
        />
      )}
      <ProviderButtons
        providers={ways.providers}
        returnTo="/"
        invitation={invitation}
        others={ways.password}
      />
      <Aside>
        <p>
          Have an account?{" "}
          <Link to="/sign-in" search={invitation === null ? {} : { return: "/invitation" }} className={LINK}>
            Sign in
          </Link>
        </p>
      </Aside>
    </Outside>
  );
}

interface SignUpFormProps {
  email: string;
  onEmail: (email: string) => void;
  password: string;
  onPassword: (password: string) => void;
  onSubmit: () => Promise<void>;
}

function SignUpForm({ email, onEmail, password, onPassword, onSubmit }: SignUpFormProps) {
  const attempt = useAttempt();
  const [tried, setTried] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => emailField.current?.focus(), []);
  const address = looksLikeAddress(email);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!address) return emailField.current?.focus();
    if (weakness(password, { email })) return passwordField.current?.focus();
    void attempt.run(onSubmit);
  };
  const wrongAddress = tried && !address ? NO_ADDRESS : refusal(attempt.error, "email") && NO_ADDRESS;
  return (
    <form onSubmit={submit} noValidate aria-label="Make an account" className="flex flex-col gap-4">
      <EmailField ref={emailField} value={email} onChange={onEmail} error={wrongAddress} />
      <NewPassword
        ref={passwordField}
        label="Password"
        value={password}
        onChange={onPassword}
        knows={{ email }}
        tried={tried}
        error={refusal(attempt.error, "password")}
      />
      <Failure attempt={attempt} fields={["email", "password"]} />
      <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
        Make the account
      </Button>
    </form>
  );
}

/** Whose invitation it is that lets them in. */
function With({ invitation, onWithout }: { invitation: string; onWithout?: () => void }) {
  const preview = usePreview(invitation);
  if (preview.isPending) return null;
  if (!preview.data) {
    return (
      <Notice title="Your invitation does not work any more">
        Ask whoever invited you for another one.
        {onWithout && (
          <Button size="small" className="mt-2" onClick={onWithout}>
            Go on without it
          </Button>
        )}
      </Notice>
    );
  }
  return (
    <p className="rounded-control border border-line bg-surface px-3 py-2.5">
      You are joining <Plain text={preview.data.organisation} className="font-semibold" />.
      {onWithout && (
        <button type="button" onClick={onWithout} className={`${LINK} ml-1.5 text-small`}>
          Go on without the invitation
        </button>
      )}
    </p>
  );
}

function NotOpen({ inviteOnly }: { inviteOnly: boolean }) {
  return (
    <Outside
      title={inviteOnly ? "You need an invitation" : "This server takes no sign-ups"}
      about={
        inviteOnly
          ? "Accounts here come with an invitation. Ask somebody of your organisation for one, and open its link in this browser."
          : "Whoever runs it makes the accounts. Ask them for yours."
      }
    >
      <Link to="/sign-in" className={`${buttonClass("secondary")} self-start`}>
        To the sign-in
      </Link>
    </Outside>
  );
}

/** Signing in: by a one-use link, with e-mail address and password, or with a provider's account. */

import type { SignInWays } from "@agent-coordinator/client";
import { Link, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { Notice } from "../account/notice.tsx";
import { providerTrouble } from "../account/provider-trouble.ts";
import { useWays } from "../data/account.ts";
import { coordinator } from "../data/index.ts";
import { safeReturn } from "../shell/sign-out.ts";
import { Spinner, toast } from "../ui/index.ts";
import { type Challenge, CodeForm } from "./code-form.tsx";
import { LinkTrouble } from "./link-trouble.tsx";
import { Aside, LINK, Outside } from "./outside.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";
import { claimToken, takeToken } from "./token.ts";
import { useWelcome } from "./welcome.ts";

type OneUse = { state: "none" } | { state: "redeeming" } | { state: "failed"; error: unknown; token: string };

export function SignInPage() {
  const { return: returnTo, trouble: code } = useSearch({ from: "/sign-in" });
  const ways = useWays();
  const welcome = useWelcome(returnTo);
  const [link, setLink] = useState<OneUse>({ state: "none" });
  const [challenge, setChallenge] = useState<Challenge | null>(null);

  const redeem = useCallback(
    async (token: string) => {
      setLink({ state: "redeeming" });
      try {
        await welcome((await coordinator.auth.redeemLink(token)).me);
      } catch (error) {
        const me = await coordinator.me().catch(() => null);
        if (me === null) return setLink({ state: "failed", error, token });
        toast.error(error, { title: "The link did not work, but you are signed in already" });
        await welcome(me);
      }
    },
    [welcome],
  );

  useEffect(() => {
    const look = () => {
      takeToken();
      const token = claimToken();
      if (token) void redeem(token);
      const asked = claimToken("challenge");
      if (asked) setChallenge({ challenge: asked, expiresAt: null });
    };
    look();
    // A link that is pasted into this very page changes nothing but the fragment.
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [redeem]);

  if (challenge) {
    return (
      <Outside title="Enter your code" about="Your account asks for a second step.">
        <CodeForm {...challenge} onSignedIn={welcome} onStartOver={() => setChallenge(null)} />
      </Outside>
    );
  }
  if (link.state === "redeeming") {
    return (
      <Outside title="Sign in">
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner /> Signing you in with the link
        </p>
      </Outside>
    );
  }
  const trouble = providerTrouble(code);
  return (
    <Outside title="Sign in">
      {link.state === "failed" && <LinkTrouble error={link.error} onRetry={() => void redeem(link.token)} />}
      {trouble && <Notice title={trouble.title}>{trouble.text}</Notice>}
      {ways.password && (
        <PasswordForm
          onSignedIn={welcome}
          onSecondFactor={(needed) =>
            setChallenge({ challenge: needed.challenge, expiresAt: needed.expiresAt })
          }
        />
      )}
      <ProviderButtons providers={ways.providers} returnTo={safeReturn(returnTo)} others={ways.password} />
      <Others ways={ways} invited={returnTo === "/invitation"} />
    </Outside>
  );
}

/** For who can't sign in like that. */
function Others({ ways, invited }: { ways: SignInWays; invited: boolean }) {
  const signUp = ways.sign_up === "open" || (invited && ways.sign_up === "invite_only");
  return (
    <Aside>
      {ways.password && (
        <p>
          <Link to="/reset" className={LINK}>
            Forgot your password?
          </Link>
        </p>
      )}
      {signUp && (
        <p>
          New here?{" "}
          <Link to="/sign-up" className={LINK}>
            Make an account
          </Link>
        </p>
      )}
      {ways.sign_up === "invite_only" && !invited && (
        <p>New here? Open the invitation that somebody of your organisation sent you.</p>
      )}
      {!signUp && ways.password && (
        <p>
          No password yet? Open the sign-in link that the server printed when it started, or ask whoever runs
          it for one.
        </p>
      )}
    </Aside>
  );
}

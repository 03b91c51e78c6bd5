/** Signing in: by a one-use link, or with e-mail address and password. */
import type { Me } from "@agent-coordinator/client";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { rememberUser } from "../data/coordinator.ts";
import { coordinator, keys, queryClient } from "../data/index.ts";
import { safeReturn } from "../shell/sign-out.ts";
import { usePageTitle } from "../shell/title.ts";
import { Spinner, toast } from "../ui/index.ts";
import { LinkTrouble } from "./link-trouble.tsx";
import { PasswordForm } from "./password-form.tsx";
import { claimToken, takeToken } from "./token.ts";

type Link = { state: "none" } | { state: "redeeming" } | { state: "failed"; error: unknown; token: string };

export function SignInPage() {
  usePageTitle("Sign in");
  const { return: returnTo } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const router = useRouter();
  const [link, setLink] = useState<Link>({ state: "none" });

  const welcome = useCallback(
    async (me: Me) => {
      queryClient.clear();
      rememberUser(me);
      queryClient.setQueryData(keys.me, me);
      await router.invalidate();
      await navigate({ to: safeReturn(returnTo), replace: true });
    },
    [navigate, returnTo, router],
  );

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
    };
    look();
    // A link that is pasted into this very page changes nothing but the fragment.
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [redeem]);

  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 pt-[16vh] pb-10">
      <div className="w-full max-w-90">
        <p className="text-small font-medium text-muted">agent-coordinator</p>
        <h1 className="mt-0.5 mb-5 text-[22px] leading-7 font-semibold">Sign in</h1>
        {link.state === "redeeming" ? (
          <p role="status" className="flex items-center gap-2 text-muted">
            <Spinner /> Signing you in with the link
          </p>
        ) : (
          <>
            {link.state === "failed" && (
              <LinkTrouble error={link.error} onRetry={() => void redeem(link.token)} />
            )}
            <PasswordForm onSignedIn={welcome} />
          </>
        )}
      </div>
    </main>
  );
}

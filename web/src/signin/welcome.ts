/** What follows when somebody is signed in: nothing of who was there before stays, and they get where they wanted. */
import type { Me } from "@agent-coordinator/client";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { rememberUser } from "../data/coordinator.ts";
import { keys, queryClient } from "../data/index.ts";
import { isMember } from "../data/queries.ts";
import { safeReturn } from "../shell/sign-out.ts";

export type Welcome = (me: Me) => Promise<void>;

export function useWelcome(returnTo?: string): Welcome {
  const navigate = useNavigate();
  const router = useRouter();
  return useCallback(
    async (me) => {
      queryClient.clear();
      rememberUser(me);
      if (isMember(me)) queryClient.setQueryData(keys.me, me);
      await router.invalidate();
      await navigate({ to: safeReturn(returnTo), replace: true });
    },
    [navigate, returnTo, router],
  );
}

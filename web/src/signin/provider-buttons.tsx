/** Signing in with an account that one has elsewhere: the browser leaves for the provider's page, and comes back. */
import type { SignInProvider } from "@agent-coordinator/client";
import { useState } from "react";
import { Failure, useAttempt } from "../account/attempt.tsx";
import { coordinator } from "../data/index.ts";
import { Button, buttonClass, cx, plain } from "../ui/index.ts";

export interface ProviderButtonsProps {
  providers: readonly SignInProvider[];
  returnTo: string;
  /** The token of one, which lets a newcomer in. */
  invitation?: string | null;
  /** There is a form above them. */
  others: boolean;
}

export function ProviderButtons({ providers, returnTo, invitation, others }: ProviderButtonsProps) {
  const attempt = useAttempt();
  const [left, setLeft] = useState("");
  if (providers.length === 0) return null;
  // An invitation is no part of an address, so the server is told first and says where to go.
  const leave = (id: string, token: string) => {
    setLeft(id);
    void attempt.run(async () => {
      const { url } = await coordinator.auth.startProvider(id, { return_to: returnTo, invitation: token });
      location.assign(url);
    });
  };
  return (
    <div className="flex flex-col gap-2">
      {others && (
        <div aria-hidden className="flex items-center gap-3 text-small text-muted">
          <span className="h-px flex-1 bg-line" />
          or
          <span className="h-px flex-1 bg-line" />
        </div>
      )}
      {providers.map(({ id, name }) => {
        const words = `Continue with ${plain(name, 40)}`;
        return invitation ? (
          <Button
            key={id}
            busy={attempt.busy && left === id}
            onClick={() => leave(id, invitation)}
            className="w-full"
          >
            {words}
          </Button>
        ) : (
          <a
            key={id}
            href={coordinator.auth.providerUrl(id, returnTo)}
            className={cx(buttonClass("secondary"), "w-full hover:bg-hover")}
          >
            {words}
          </a>
        );
      })}
      <Failure attempt={attempt} />
    </div>
  );
}

/** Signing in with an account that one has elsewhere. These are links: the browser leaves for the provider's page. */
import type { SignInProvider } from "@agent-coordinator/client";
import { coordinator } from "../data/index.ts";
import { buttonClass, cx, plain } from "../ui/index.ts";

export interface ProviderButtonsProps {
  providers: readonly SignInProvider[];
  returnTo: string;
  /** There is a form above them. */
  others: boolean;
}

export function ProviderButtons({ providers, returnTo, others }: ProviderButtonsProps) {
  if (providers.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      {others && (
        <div aria-hidden className="flex items-center gap-3 text-small text-muted">
          <span className="h-px flex-1 bg-line" />
          or
          <span className="h-px flex-1 bg-line" />
        </div>
      )}
      {providers.map(({ id, name }) => (
        <a
          key={id}
          href={coordinator.auth.providerUrl(id, returnTo)}
          className={cx(buttonClass("secondary"), "w-full hover:bg-hover")}
        >
          Continue with {plain(name, 40)}
        </a>
      ))}
    </div>
  );
}

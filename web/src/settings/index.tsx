/** Settings: one page, a section at a time. */
import { Link } from "@tanstack/react-router";
import { cx } from "~/ui/index.ts";
import { Environments } from "./environments/Environments.tsx";
import { Keys } from "./keys/Keys.tsx";
import { Profile } from "./profile/Profile.tsx";
import { Providers } from "./providers/Providers.tsx";

const SECTIONS = [
  { id: "providers", label: "Model providers", page: Providers },
  { id: "keys", label: "API keys", page: Keys },
  { id: "environments", label: "Environments", page: Environments },
  { id: "profile", label: "Profile", page: Profile },
] as const;

/** On a phone the row is wider than the screen. */
function inSight(link: HTMLElement | null): void {
  link?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
}

export function SettingsPage({ section }: { section: string }) {
  const shown = SECTIONS.find(({ id }) => id === section) ?? SECTIONS[0];
  const Page = shown.page;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-5 px-4 py-6 md:px-8">
        <nav aria-label="Settings" className="-mx-1 flex gap-1 overflow-x-auto border-b border-line pb-2">
          {SECTIONS.map(({ id, label }) => (
            <Link
              key={id}
              ref={id === shown.id ? inSight : undefined}
              to="/settings/$section"
              params={{ section: id }}
              aria-current={id === shown.id ? "page" : undefined}
              className={cx(
                "rounded-control px-2.5 py-1.5 whitespace-nowrap hover:bg-hover pointer-coarse:py-2.5",
                id === shown.id ? "bg-hover font-medium text-text" : "text-muted",
              )}
            >
              {label}
            </Link>
          ))}
        </nav>
        <Page />
      </div>
    </div>
  );
}

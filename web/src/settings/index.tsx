/** Settings: one page, a section at a time, and beside it the way to the others. */
import type { ComponentType } from "react";
import type { SettingsSection } from "~/shell/sections.ts";
import { ServiceAccounts } from "./accounts/ServiceAccounts.tsx";
import { AuditLog } from "./audit/AuditLog.tsx";
import { Environments } from "./environments/Environments.tsx";
import { Invitations } from "./invitations/Invitations.tsx";
import { Keys } from "./keys/Keys.tsx";
import { Limits } from "./limits/Limits.tsx";
import { Members } from "./members/Members.tsx";
import { Navigation } from "./Navigation.tsx";
import { Organisation } from "./organisation/Organisation.tsx";
import { Profile } from "./profile/Profile.tsx";
import { Providers } from "./providers/Providers.tsx";
import { Secrets } from "./secrets/Secrets.tsx";

const PAGES: Record<SettingsSection, ComponentType> = {
  profile: Profile,
  organisation: Organisation,
  members: Members,
  invitations: Invitations,
  accounts: ServiceAccounts,
  keys: Keys,
  providers: Providers,
  environments: Environments,
  secrets: Secrets,
  audit: AuditLog,
  limits: Limits,
};

export function SettingsPage({ section }: { section: SettingsSection }) {
  const Page = PAGES[section];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]">
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-5 px-4 py-6 md:px-8 lg:max-w-5xl lg:flex-row lg:gap-10">
        <Navigation shown={section} />
        <div className="min-w-0 flex-1 lg:max-w-3xl">
          <Page key={section} />
        </div>
      </div>
    </div>
  );
}

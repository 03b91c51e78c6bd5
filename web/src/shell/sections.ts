/** The pages of the settings, in their groups: what concerns oneself, and what concerns the organisation. */
interface SectionInfo {
  id: string;
  label: string;
  group: "You" | "Organisation" | "Installation";
  /** What else somebody may search for. */
  words: string;
}

export const SECTIONS = [
  {
    id: "profile",
    label: "Profile and security",
    group: "You",
    words: "password e-mail second factor totp devices sign out",
  },
  {
    id: "organisation",
    label: "General",
    group: "Organisation",
    words: "organisation name slug switch leave hand over transfer delete restore",
  },
  { id: "members", label: "Members", group: "Organisation", words: "people roles owner admin" },
  { id: "invitations", label: "Invitations", group: "Organisation", words: "invite link people" },
  { id: "accounts", label: "Service accounts", group: "Organisation", words: "bots programs machines" },
  { id: "keys", label: "API keys", group: "Organisation", words: "token program rotate" },
  { id: "providers", label: "Model providers", group: "Organisation", words: "anthropic openai models byok" },
  { id: "environments", label: "Environments", group: "Organisation", words: "setup repositories" },
  { id: "secrets", label: "Secrets", group: "Organisation", words: "variables tokens sandbox" },
  { id: "audit", label: "Audit log", group: "Organisation", words: "who did what export verify" },
  { id: "limits", label: "Limits and usage", group: "Organisation", words: "quota cost tokens requests" },
] as const satisfies readonly SectionInfo[];

export type SettingsSection = (typeof SECTIONS)[number]["id"];

/** The section that an address names; the first for one that isn't there. */
export function sectionOf(value: string): SettingsSection {
  return SECTIONS.find(({ id }) => id === value)?.id ?? "providers";
}

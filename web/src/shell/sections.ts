/** The pages of the settings. */
export const SECTIONS = ["providers", "keys", "environments", "profile"] as const;

export type SettingsSection = (typeof SECTIONS)[number];

/** The section that an address names; the first for one that isn't there. */
export function sectionOf(value: string): SettingsSection {
  return SECTIONS.find((section) => section === value) ?? "providers";
}

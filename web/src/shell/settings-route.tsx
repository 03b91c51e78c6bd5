/** The settings as a page of the frame. */
import { useParams } from "@tanstack/react-router";
import { SettingsPage } from "../settings/index.tsx";
import { SECTIONS, sectionOf } from "./sections.ts";
import { usePageTitle } from "./title.ts";

export function SettingsRoute() {
  const { section } = useParams({ from: "/app/settings/$section" });
  const shown = sectionOf(section);
  usePageTitle(`${SECTIONS.find(({ id }) => id === shown)?.label} · Settings`);
  return <SettingsPage section={shown} />;
}

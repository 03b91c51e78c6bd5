/** The settings as a page of the frame. */
import { useParams } from "@tanstack/react-router";
import { SettingsPage } from "../settings/index.tsx";
import { sectionOf } from "./sections.ts";
import { usePageTitle } from "./title.ts";

export function SettingsRoute() {
  const { section } = useParams({ from: "/app/settings/$section" });
  usePageTitle("Settings");
  return <SettingsPage section={sectionOf(section)} />;
}

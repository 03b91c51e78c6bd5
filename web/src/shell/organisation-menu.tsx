/** Whose sessions these are, and the way to one's other organisations. */
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Settings, UserPlus } from "lucide-react";
import { useMe } from "../data/index.ts";
import { Menu, MenuItem, MenuLabel, MenuSeparator, plain } from "../ui/index.ts";
import type { SettingsSection } from "./sections.ts";
import { switchOrganisation } from "./switch-organisation.ts";

export function OrganisationMenu({ onNavigate }: { onNavigate?: () => void }) {
  const me = useMe().data;
  const navigate = useNavigate();
  const name = plain(me?.organisation?.name ?? me?.organisation?.slug ?? "", 60);
  const to = (section: SettingsSection) => () => {
    onNavigate?.();
    void navigate({ to: "/settings/$section", params: { section } });
  };
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-control px-1.5 text-left outline-offset-[-2px] hover:bg-hover data-[state=open]:bg-hover pointer-coarse:h-11"
        >
          <Mark name={name} />
          <span className="sr-only">Organisation </span>
          <bdi dir="auto" className="min-w-0 flex-1 truncate font-semibold">
            {name}
          </bdi>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuLabel>Your organisations</MenuLabel>
      {(me?.organisations ?? []).map(({ id, name, slug, role }) => (
        <MenuItem
          key={id}
          icon={
            id === me?.organisation?.id ? (
              <Check aria-hidden />
            ) : (
              <span aria-hidden className="size-4 shrink-0" />
            )
          }
          onSelect={() => {
            if (id !== me?.organisation?.id) switchOrganisation(id);
          }}
        >
          <span className="flex items-baseline gap-2">
            <bdi dir="auto" className="min-w-0 truncate">
              {plain(name ?? slug, 60)}
            </bdi>
            <span className="ml-auto text-small text-muted">{role}</span>
          </span>
          {id === me?.organisation?.id && <span className="sr-only">, you are here</span>}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<UserPlus aria-hidden />} onSelect={to("members")}>
        Members
      </MenuItem>
      <MenuItem icon={<Settings aria-hidden />} onSelect={to("organisation")}>
        Organisation settings
      </MenuItem>
    </Menu>
  );
}

function Mark({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-6 shrink-0 place-items-center rounded bg-accent text-small font-semibold text-accent-text uppercase"
    >
      {[...name][0] ?? ""}
    </span>
  );
}

/** The way from one page of the settings to another: a list beside it, and a menu above it where there is no room. */
import { Link, useNavigate } from "@tanstack/react-router";
import { Check, ChevronDown } from "lucide-react";
import { Fragment } from "react";
import { ROOM_FOR_SETTINGS } from "~/shell/layout.ts";
import { useMedia } from "~/shell/media.ts";
import { SECTIONS, type SettingsSection } from "~/shell/sections.ts";
import { cx, Menu, MenuItem, MenuLabel } from "~/ui/index.ts";

const GROUPS = (["You", "Organisation", "Installation"] as const)
  .map((name) => ({ name, sections: SECTIONS.filter(({ group }) => (group as string) === name) }))
  .filter(({ sections }) => sections.length > 0);

export function Navigation({ shown }: { shown: SettingsSection }) {
  const room = useMedia(ROOM_FOR_SETTINGS);
  return room ? <List shown={shown} /> : <Chooser shown={shown} />;
}

function List({ shown }: { shown: SettingsSection }) {
  return (
    <nav aria-label="Settings" className="sticky top-0 flex w-44 shrink-0 flex-col gap-4 self-start">
      {GROUPS.map(({ name, sections }) => (
        <div key={name}>
          <h2 className="px-2.5 pb-1 text-small font-medium text-muted">{name}</h2>
          <ul>
            {sections.map(({ id, label }) => (
              <li key={id}>
                <Link
                  to="/settings/$section"
                  params={{ section: id }}
                  aria-current={id === shown ? "page" : undefined}
                  className={cx(
                    "block rounded-control px-2.5 py-1 hover:bg-hover pointer-coarse:py-2.5",
                    id === shown ? "bg-hover font-medium text-text" : "text-muted hover:text-text",
                  )}
                >
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Chooser({ shown }: { shown: SettingsSection }) {
  const navigate = useNavigate();
  return (
    <nav aria-label="Settings">
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-control border border-line-strong bg-raised px-2.5 hover:bg-hover pointer-coarse:h-10"
          >
            <span className="text-muted">Settings:</span>
            <span className="truncate font-medium">{SECTIONS.find(({ id }) => id === shown)?.label}</span>
            <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
          </button>
        }
      >
        {GROUPS.map(({ name, sections }) => (
          <Fragment key={name}>
            <MenuLabel>{name}</MenuLabel>
            {sections.map(({ id, label }) => (
              <MenuItem
                key={id}
                icon={id === shown ? <Check aria-hidden /> : <span aria-hidden className="size-4" />}
                onSelect={() => void navigate({ to: "/settings/$section", params: { section: id } })}
              >
                {label}
              </MenuItem>
            ))}
          </Fragment>
        ))}
      </Menu>
    </nav>
  );
}

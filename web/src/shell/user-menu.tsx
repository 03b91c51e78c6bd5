/** Who is signed in, and what belongs to the person rather than to a session. */
import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { useMe } from "../data/index.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator, plain } from "../ui/index.ts";
import { Initials } from "./initials.tsx";
import { useLayout } from "./layout.ts";
import { signOut } from "./sign-out.ts";
import { setTheme, type Theme, useTheme } from "./theme.ts";

const THEMES: { value: Theme; label: string; icon: React.ReactNode }[] = [
  { value: "system", label: "As the system", icon: <Monitor aria-hidden /> },
  { value: "light", label: "Light", icon: <Sun aria-hidden /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
];

export function UserMenu({ onNavigate }: { onNavigate?: () => void }) {
  const me = useMe();
  const theme = useTheme((state) => state.theme);
  const navigate = useNavigate();
  const email = plain(me.data?.user.email ?? "", 100);
  const settings = () => {
    onNavigate?.();
    void navigate({ to: "/settings/$section", params: { section: "providers" } });
  };
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left outline-offset-[-2px] hover:bg-hover data-[state=open]:bg-hover pointer-coarse:h-11"
        >
          <Initials name={email} />
          <span className="sr-only">Account and settings of </span>
          <bdi dir="auto" className="min-w-0 flex-1 truncate">
            {email}
          </bdi>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuItem icon={<Settings aria-hidden />} onSelect={settings}>
        Settings
      </MenuItem>
      <MenuItem
        icon={<Keyboard aria-hidden />}
        keys="?"
        onSelect={() => useLayout.setState({ shortcuts: true })}
      >
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice value={theme} onChange={setTheme} options={THEMES} />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

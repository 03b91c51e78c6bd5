/** Where the rail has no room: the way to it, with how many sessions wait. */
import { Link } from "@tanstack/react-router";
import { Menu as MenuIcon, Plus } from "lucide-react";
import { buttonClass, cx, IconButton } from "../ui/index.ts";
import { useLayout } from "./layout.ts";

export function RailButton({ waiting }: { waiting: number }) {
  return (
    <span className="relative">
      <IconButton
        label={waiting > 0 ? `Sessions and menu, ${waiting} need you` : "Sessions and menu"}
        icon={<MenuIcon aria-hidden />}
        onClick={() => useLayout.setState({ railSheet: true })}
      />
      {waiting > 0 && (
        <span
          aria-hidden
          className="pointer-events-none absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-warn px-1 text-center text-[10px] leading-4 font-semibold text-bg"
        >
          {waiting}
        </span>
      )}
    </span>
  );
}

export function TopBar({ waiting }: { waiting: number }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2">
      <RailButton waiting={waiting} />
      <span className="flex-1" />
      <Link to="/new" aria-label="New session" className={cx(buttonClass("ghost"), "px-2!")}>
        <Plus aria-hidden className="size-4" />
      </Link>
    </header>
  );
}

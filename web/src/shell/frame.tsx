/** What stands around every page of a signed-in person: the rail, the page, and what opens above both. */
import { Outlet, useMatches, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { Sheet } from "../ui/index.ts";
import { ClosingBanner } from "./closing-banner.tsx";
import { ServerBanner } from "./connection-banner.tsx";
import { DeleteSession } from "./delete-session.tsx";
import { ROOM_FOR_RAIL, useLayout } from "./layout.ts";
import { useMedia } from "./media.ts";
import { Rail, useNeedsYou } from "./rail.tsx";
import { listen, useShortcut } from "./shortcuts.ts";
import { TopBar } from "./top-bar.tsx";

const loadPalette = () => import("./palette.tsx");
const Palette = lazy(() => loadPalette().then((part) => ({ default: part.Palette })));
const ShortcutSheet = lazy(() =>
  import("./shortcut-sheet.tsx").then((part) => ({ default: part.ShortcutSheet })),
);

export function Frame() {
  const room = useMedia(ROOM_FOR_RAIL);
  const railSheet = useLayout((state) => state.railSheet);
  const palette = useLayout((state) => state.palette);
  const shortcuts = useLayout((state) => state.shortcuts);
  const deleting = useLayout((state) => state.deleting);
  const inSession = useMatches().some((match) => match.routeId === "/app/sessions/$id");
  const navigate = useNavigate();
  const waiting = useNeedsYou();

  useEffect(() => listen(), []);
  useEffect(() => {
    // Once the page is quiet, so that the palette opens at once.
    const timer = setTimeout(() => void loadPalette(), 2500);
    return () => clearTimeout(timer);
  }, []);
  useShortcut("n", "New session", () => void navigate({ to: "/new" }));
  useShortcut("Mod+k", "Search and commands", () => useLayout.setState({ palette: true }), { inText: true });
  useShortcut("?", "This list", () => useLayout.setState({ shortcuts: true }));

  return (
    <div className="flex h-full min-h-0">
      <a
        href="#main"
        className="sr-only rounded-control bg-raised focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:border focus:border-line-strong focus:px-3 focus:py-1.5"
      >
        Skip to the page
      </a>
      {room && (
        <aside aria-label="Sidebar" className="flex w-66 shrink-0 flex-col border-r border-line">
          <Rail />
        </aside>
      )}
      <main id="main" tabIndex={-1} className="relative flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {!room && !inSession && <TopBar waiting={waiting} />}
        <ClosingBanner />
        {!inSession && <ServerBanner />}
        <Outlet />
      </main>
      {!room && (
        <Sheet
          side="left"
          title="Sessions and menu"
          open={railSheet}
          onOpenChange={(open) => useLayout.setState({ railSheet: open })}
        >
          <Rail onNavigate={() => useLayout.setState({ railSheet: false })} />
        </Sheet>
      )}
      <Suspense fallback={null}>
        {palette && <Palette />}
        {shortcuts && <ShortcutSheet />}
      </Suspense>
      {deleting && <DeleteSession sessionId={deleting} />}
    </div>
  );
}

/** Every key that does something here and now. */
import { Dialog, Kbd } from "../ui/index.ts";
import { useLayout } from "./layout.ts";
import { type Shortcut, shownKeys, useShortcuts } from "./shortcuts.ts";

const ORDER = ["Anywhere", "Sessions", "Session"];

export function ShortcutSheet() {
  const list = useShortcuts((state) => state.list);
  return (
    <Dialog
      open
      wide
      onOpenChange={(shortcuts) => useLayout.setState({ shortcuts })}
      title="Keyboard shortcuts"
      description="Plain keys work while no text field has the focus."
    >
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {byGroup(list).map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className="pb-1 text-small font-medium text-muted">{group}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.keys} className="flex items-center justify-between gap-4 py-1">
                  <dt>{shortcut.label}</dt>
                  <dd>
                    <Kbd keys={shownKeys(shortcut.keys)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Each key once: the newest has it. */
export function byGroup(list: Shortcut[]): [string, Shortcut[]][] {
  const newest = [...new Map(list.map((shortcut) => [shortcut.keys, shortcut])).values()];
  const groups = [...new Set([...ORDER, ...newest.map(({ group }) => group)])];
  return groups
    .map((group): [string, Shortcut[]] => [group, newest.filter((shortcut) => shortcut.group === group)])
    .filter(([, shortcuts]) => shortcuts.length > 0);
}

/** The menu of a session. */
import { Ellipsis } from "lucide-react";
import { useLiveSelect } from "../data/index.ts";
import { IconButton, Menu, MenuItem, MenuSeparator } from "../ui/index.ts";
import { sessionCommands } from "./session-commands.ts";

export function SessionMenu({ sessionId }: { sessionId: string }) {
  const status = useLiveSelect(sessionId, (state) => state.view.status);
  return (
    <Menu trigger={<IconButton label="Session menu" icon={<Ellipsis aria-hidden />} />}>
      {sessionCommands(sessionId, status).map(({ id, label, icon: Icon, keys, tone, run }) => (
        <span key={id} className="contents">
          {id === "delete" && <MenuSeparator />}
          <MenuItem
            icon={<Icon aria-hidden />}
            onSelect={run}
            {...(keys ? { keys } : {})}
            {...(tone ? { tone } : {})}
          >
            {label}
          </MenuItem>
        </span>
      ))}
    </Menu>
  );
}

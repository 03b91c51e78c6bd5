/** Search and commands, by keyboard. Sessions are searched on the server, commands here. Lazy. */
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Keyboard, LogOut, PanelRight, Plus, Settings, SunMoon } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { liveState, useSessions } from "../data/index.ts";
import { Kbd, plain, repositoryName, Spinner, StateMark, Time } from "../ui/index.ts";
import { togglePanel, useLayout } from "./layout.ts";
import { SECTIONS } from "./sections.ts";
import { sessionCommands } from "./session-commands.ts";
import { sessionTitle } from "./session-title-of.ts";
import { signOut } from "./sign-out.ts";
import { setTheme, useTheme } from "./theme.ts";

interface Entry {
  id: string;
  label: string;
  icon: ReactNode;
  keys?: string;
  words?: string;
  run: () => void;
}

const SHOWN = 5;
const SETTLED_MS = 150;

export function Palette() {
  const [text, setText] = useState("");
  const [selected, setSelected] = useState("");
  const close = () => useLayout.setState({ palette: false });
  const pick = (run: () => void) => {
    close();
    // After the focus was given back, which is a timer of its own: what is done may take the focus itself.
    setTimeout(() => setTimeout(run, 0), 0);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[10vh] inset-x-0 mx-auto z-40 w-[calc(100vw-1rem)] max-w-xl overflow-hidden rounded-lg border border-line-strong bg-raised"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Command
            shouldFilter={false}
            loop
            label="Search and commands"
            value={selected}
            onValueChange={setSelected}
          >
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Search sessions, or type a command"
              className="h-11 w-full border-b border-line bg-transparent px-4 text-read outline-none placeholder:text-muted"
            />
            <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
              <Results text={text} onPick={pick} selected={selected} onSelect={setSelected} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ResultsProps {
  text: string;
  onPick: (run: () => void) => void;
  selected: string;
  onSelect: (value: string) => void;
}

function Results({ text, onPick, selected, onSelect }: ResultsProps) {
  const settled = useSettled(text);
  const { sessions, isFetching } = useSessions(settled);
  const commands = useCommands();
  const navigate = useNavigate();
  const typed = text.trim().toLowerCase();
  const words = typed.split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label, words: more }) => {
    const all = `${label} ${more ?? ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  // What the server found for less text is narrowed down here until its next answer.
  const shown = sessions
    .filter(({ title, repository }) =>
      `${title ?? ""}\n${repository?.url ?? ""}`.toLowerCase().includes(typed),
    )
    .slice(0, typed ? 20 : SHOWN);
  const sessionValues = shown.map(({ id }) => `session ${id}`);
  const commandValues = found.map(({ id }) => `command ${id}`);
  const values = typed ? [...commandValues, ...sessionValues] : [...sessionValues, ...commandValues];
  const first = values.includes(selected) ? selected : (values[0] ?? "");
  useEffect(() => {
    if (first !== selected) onSelect(first);
  }, [first, selected, onSelect]);
  const pick = (run: () => void) => () => onPick(run);
  const sessionGroup = shown.length > 0 && (
    <Group heading={typed ? "Sessions" : "Newest sessions"}>
      {shown.map((session) => (
        <Item
          key={session.id}
          value={`session ${session.id}`}
          onSelect={pick(() => void navigate({ to: "/sessions/$id", params: { id: session.id } }))}
        >
          <StateMark status={session.status} />
          <bdi dir="auto" className="min-w-0 flex-1 truncate">
            {sessionTitle(session.title)}
          </bdi>
          {session.repository && (
            <bdi dir="auto" className="hidden max-w-40 truncate text-small text-muted sm:block">
              {plain(repositoryName(session.repository.url), 80)}
            </bdi>
          )}
          <Time at={session.updated_at} short className="text-small text-muted" />
        </Item>
      ))}
    </Group>
  );
  return (
    <>
      {!typed && sessionGroup}
      {found.length > 0 && (
        <Group heading="Commands">
          {found.map((command) => (
            <Item key={command.id} value={`command ${command.id}`} onSelect={pick(command.run)}>
              <span aria-hidden className="text-muted [&_svg]:size-4">
                {command.icon}
              </span>
              <span className="flex-1">{command.label}</span>
              {command.keys && <Kbd keys={command.keys} />}
            </Item>
          ))}
        </Group>
      )}
      {typed && sessionGroup}
      {found.length === 0 && shown.length === 0 && (
        <p role="status" className="px-3 py-6 text-center text-muted">
          {isFetching || settled !== text ? (
            <Spinner label="Searching" />
          ) : (
            "Nothing found. Titles and repositories are searched."
          )}
        </p>
      )}
    </>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-1.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded px-2 data-[selected=true]:bg-hover pointer-coarse:min-h-10"
    >
      {children}
    </Command.Item>
  );
}

function useCommands(): Entry[] {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const dark = useTheme((state) => state.dark);
  const session = /^\/sessions\/([^/]+)$/.exec(path)?.[1];
  const own: Entry[] = session
    ? [
        ...sessionCommands(session, liveState(session).view.status).map(
          ({ id, label, icon: Icon, keys, run }): Entry => ({
            id,
            label:
              id === "delete" || id === "archive" || id === "rename" || id === "wake"
                ? `${label} this session`
                : label,
            icon: <Icon />,
            run,
            ...(keys ? { keys } : {}),
          }),
        ),
        {
          id: "panel",
          label: "Open or close the panel",
          icon: <PanelRight />,
          keys: "]",
          run: () => togglePanel(),
        },
      ]
    : [];
  return [
    { id: "new", label: "New session", icon: <Plus />, keys: "n", run: () => void navigate({ to: "/new" }) },
    ...own,
    ...SECTIONS.map(
      ({ id, label, words }): Entry => ({
        id,
        label: `Settings: ${/^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)}`,
        words,
        icon: <Settings />,
        run: () => void navigate({ to: "/settings/$section", params: { section: id } }),
      }),
    ),
    {
      id: "theme",
      label: dark ? "Use the light theme" : "Use the dark theme",
      words: "theme dark light",
      icon: <SunMoon />,
      run: () => setTheme(dark ? "light" : "dark"),
    },
    {
      id: "system",
      label: "Use the system's theme",
      words: "theme",
      icon: <SunMoon />,
      run: () => setTheme("system"),
    },
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      icon: <Keyboard />,
      keys: "?",
      run: () => useLayout.setState({ shortcuts: true }),
    },
    { id: "out", label: "Sign out", icon: <LogOut />, run: () => void signOut() },
  ];
}

/** The text once it has stood still for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

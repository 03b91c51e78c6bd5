/** Who else looks at the session now. Alone, nobody is shown. */
import type { Person } from "@agent-coordinator/client";
import { plain, Tooltip } from "../ui/index.ts";
import { Initials } from "./initials.tsx";

const SHOWN = 4;

export function People({ people, self }: { people: Person[]; self: string | null }) {
  const others = people.filter((person, at) => person.user_id !== self && firstOf(people, person) === at);
  if (others.length === 0) return null;
  const more = others.length - SHOWN;
  return (
    <ul aria-label="Also here" className="flex shrink-0 items-center -space-x-1.5">
      {others.slice(0, SHOWN).map((person) => (
        <li key={person.user_id}>
          <Tooltip label={`${plain(person.name, 100)} is here`}>
            <button type="button" className="block cursor-default rounded-full">
              <Initials name={person.name} />
              <span className="sr-only">{plain(person.name, 100)}</span>
            </button>
          </Tooltip>
        </li>
      ))}
      {more > 0 && <li className="pl-2.5 text-small text-muted">+{more}</li>}
    </ul>
  );
}

function firstOf(people: Person[], person: Person): number {
  return people.findIndex(({ user_id }) => user_id === person.user_id);
}

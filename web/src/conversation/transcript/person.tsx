/** Who did something: "You", a name, or the start of an id. */
import type { Author } from "@agent-coordinator/client";
import { plain } from "~/ui/plain.ts";
import { useMyId } from "../source.ts";

export function usePerson(author: Author | null | undefined): string | null {
  const me = useMyId();
  if (author === null || author === undefined) return null;
  if (author.user_id === me) return author.api_key_id ? "You (API key)" : "You";
  return plain(author.name ?? "", 80) || `User ${plain(author.user_id, 12)}`;
}

export function Person({ author }: { author: Author | null | undefined }) {
  const name = usePerson(author);
  return name === null ? null : <bdi className="font-medium text-text">{name}</bdi>;
}

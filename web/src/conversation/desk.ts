/** What the parts of one conversation tell each other without drawing anything again: a text for the composer, a wish. */
import { createContext, useContext } from "react";

export type Wish = { kind: "edit"; text: string } | { kind: "pick model" } | { kind: "focus" };

export class Desk {
  readonly #listeners = new Set<(wish: Wish) => void>();
  /** The transcript stays where the reader is, set by the transcript. */
  hold: () => void = () => undefined;
  /** The transcript goes to its end, set by the transcript. */
  follow: () => void = () => undefined;

  wish(wish: Wish): void {
    for (const listener of this.#listeners) listener(wish);
  }

  listen(listener: (wish: Wish) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const DeskContext = createContext(new Desk());

export function useDesk(): Desk {
  return useContext(DeskContext);
}

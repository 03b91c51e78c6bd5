/** Pages of lists. */
import type { Page } from "./api/types.ts";

/** A page as it came, with the end of the list said in one way. */
export function page<Item>(found: { items: Item[]; next_cursor?: string | null | undefined }): Page<Item> {
  return { items: found.items, next_cursor: found.next_cursor ?? null };
}

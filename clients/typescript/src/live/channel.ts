/** What a stream follows: where it is to be had, and how what it brings is read. */
import type { Frame } from "./frame.ts";

/** As much as the stream itself looks at. */
export interface Numbered {
  seq: number;
  type: string;
}

export interface Channel<Event extends Numbered> {
  /** Pages and server-sent events. */
  readonly events: string;
  readonly socket: string;
  /** What a ticket for the socket is asked for. */
  readonly scope: string;
  /** Of every address, with nothing before it. */
  readonly query: string;
  /** Of server-sent events alone. */
  readonly streamQuery: string;
  /** Numbers may be missing without anything being lost: what this reader may not see is passed over. */
  readonly sparse?: boolean;
  fromSocket(text: string): Frame<Event> | undefined;
  fromServerSent(name: string, data: string): Frame<Event> | undefined;
  /** True for the event after which there is no other. */
  isLast(event: Event): boolean;
}

/** An address with its queries. */
export function address(path: string, ...queries: string[]): string {
  const query = queries.filter((each) => each !== "").join("&");
  return query === "" ? path : `${path}?${query}`;
}

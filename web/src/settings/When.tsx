/** A day that is still to come, with its time where that is near; the whole of it on hover. */

import { absolute } from "~/ui/format.ts";
import { useNow } from "~/ui/index.ts";
import { ahead } from "./ahead.ts";

export function When({ at }: { at: string }) {
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return null;
  return (
    <time dateTime={at} title={absolute(time)}>
      {ahead(time, now)}
    </time>
  );
}

/** Text from outside on one line: odd characters visible, direction kept inside, length bounded. */
import { cx } from "./cx.ts";
import { plain } from "./plain.ts";

export interface PlainProps {
  text: string;
  limit?: number;
  /** Cut with an ellipsis where room ends; the whole text is in the tooltip. */
  truncate?: boolean;
  className?: string;
}

export function Plain({ text, limit, truncate, className }: PlainProps) {
  const shown = plain(text, limit);
  return (
    <bdi
      dir="auto"
      title={truncate ? shown : undefined}
      className={cx(truncate ? "block truncate" : "break-words [overflow-wrap:anywhere]", className)}
    >
      {shown}
    </bdi>
  );
}

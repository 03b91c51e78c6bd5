/** A quota and how much of it is in use. */
import { useId } from "react";
import { cx } from "~/ui/index.ts";
import { share } from "./share.ts";

const COLOUR = { fine: "bg-accent", near: "bg-warn", full: "bg-bad" };

export interface MeterProps {
  label: string;
  about: string;
  used: number;
  /** 0 = none. */
  limit: number;
  /** How an amount is written. */
  words?: (amount: number) => string;
}

const plainNumber = (amount: number) => amount.toLocaleString("en-US");

export function Meter({ label, about, used, limit, words = plainNumber }: MeterProps) {
  const id = useId();
  const { percent, state } = share(used, limit);
  const inUse = limit === 0 ? `${words(used)}, no limit` : `${words(used)} of ${words(limit)}`;
  return (
    <div className="rounded-control border border-line px-3.5 py-3">
      <div className="flex items-baseline justify-between gap-2">
        <span id={id} className="font-medium">
          {label}
        </span>
        <span className={cx(state === "full" ? "text-bad" : state === "near" && "text-warn")}>{inUse}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element can't be drawn alike in every browser */}
      <div
        role="meter"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={limit === 0 ? used : limit}
        aria-valuenow={limit === 0 ? used : Math.min(used, limit)}
        aria-valuetext={inUse}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className={cx("h-full rounded-full", COLOUR[state])}
          style={{ width: `${percent === 0 && used > 0 && limit > 0 ? 1 : percent}%` }}
        />
      </div>
      <p className="mt-1.5 text-small text-muted">{about}</p>
    </div>
  );
}

/** How full something is. Pure, so that it can be tested. */
export interface Share {
  /** 0 to 100, never 100 before it is full. */
  percent: number;
  state: "fine" | "near" | "full";
}

/** A limit of 0 is none. */
export function share(used: number, limit: number): Share {
  if (limit === 0) return { percent: 0, state: "fine" };
  if (used >= limit) return { percent: 100, state: "full" };
  const percent = Math.min(99, Math.max(0, Math.round((used / limit) * 100)));
  return { percent, state: used / limit >= 0.8 ? "near" : "fine" };
}

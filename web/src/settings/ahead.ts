/** A time to come in words. Pure, so that it can be tested. */
const DAY_MS = 86_400_000;

/** "25 Nov, 14:05" within eight days, "24 Feb 2027" after that. */
export function ahead(at: number, now: number, locale?: string): string {
  const near = at - now < 8 * DAY_MS;
  return new Date(at).toLocaleString(
    locale,
    near
      ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }
      : { day: "numeric", month: "short", year: "numeric" },
  );
}

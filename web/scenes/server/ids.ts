/** Identifiers that look like the server's and are the same on every run. */

/** `ses_` and 26 characters; the number stands at the end. */
export function id(
  prefix: "ses" | "pmt" | "usr" | "org" | "key" | "env" | "mpr" | "sbx" | "brw" | "inv" | "sec",
  number: number,
): string {
  return `${prefix}_0${number.toString(32).padStart(25, "0")}`;
}

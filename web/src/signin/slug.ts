/** A name for addresses, made of the name that people use: letters, digits and single dashes. */

/** The server's bounds, characters. */
const LONGEST = 63;

export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}

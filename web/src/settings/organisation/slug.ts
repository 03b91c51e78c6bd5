/** A slug out of a name, and what is wrong with one. Pure, so that it can be tested. */

/** "Größe & Söhne Ltd" becomes "grosse-sohne-ltd". */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
}

export function slugError(slug: string): string | null {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)
    ? null
    : "1 to 63 lower-case letters, digits and “-”, with no “-” first.";
}

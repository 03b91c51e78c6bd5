/** Which addresses a link may have, and how its real target is shown. */
import { plain } from "~/ui/plain.ts";

/** The address if a person may follow it; null for every scheme but http, https and mailto, and for what is no URL. */
export function safeHref(href: string): string | null {
  const trimmed = href.trim();
  if (!/^(https?:\/\/|mailto:)/i.test(trimmed) || trimmed.length > 4096) return null;
  try {
    const url = new URL(trimmed);
    // Names with a user or password in them are made to deceive.
    if (url.username !== "" || (url.protocol !== "mailto:" && url.password !== "")) return null;
    return url.href;
  } catch {
    return null;
  }
}

/** Where a link leads, in words for its tooltip. */
export function shownTarget(href: string): string {
  return plain(href, 300);
}

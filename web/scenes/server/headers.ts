/** The headers that the app's pages have on the real server. */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; " +
  "base-uri 'none'; form-action 'self'";

export const PAGE_HEADERS: Record<string, string> = {
  "content-security-policy": `${CSP}; report-uri /scene/csp`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Secrets of a second factor as people keep them. */

/** In groups of four, which are easier to type. */
export function spaced(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

/** What goes into the file that is kept. */
export function recoveryFile(codes: readonly string[], server: string): string {
  return [
    `Recovery codes for agent-coordinator at ${server}`,
    "Each signs in once in place of a code of the authenticator.",
    "",
    ...codes,
    "",
  ].join("\n");
}

/** Pages for people who are not signed in: nobody is led away from them. */
const OUTSIDE: readonly string[] = ["/sign-in", "/sign-up", "/verify-email", "/reset", "/invitation"];

export function isOutside(path: string): boolean {
  return OUTSIDE.includes(path.replace(/\/+$/, ""));
}

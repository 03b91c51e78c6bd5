/**
 * The token of an invitation while its reader signs up or in. A provider's page may lie in between, so this tab's own
 * storage has it until it was accepted or the tab is closed. It signs nobody in, and works once.
 */
const KEY = "invitation";

export function holdInvitation(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Forbidden: then the link has to be opened again.
  }
}

export function heldInvitation(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function dropInvitation(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Forbidden: nothing is held.
  }
}

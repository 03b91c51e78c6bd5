/** The text that was not sent yet, kept for each session as long as the tab lives. */

const PREFIX = "draft ";

export function loadDraft(sessionId: string): string {
  try {
    return sessionStorage.getItem(PREFIX + sessionId) ?? "";
  } catch {
    return "";
  }
}

export function saveDraft(sessionId: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(PREFIX + sessionId);
    else sessionStorage.setItem(PREFIX + sessionId, text);
  } catch {
    // A browser that keeps nothing: the text is still on the screen.
  }
}

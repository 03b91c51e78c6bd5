/**
 * In which of their organisations somebody works in this tab. The server is told with every request; without a choice it
 * takes the one that they signed in for, else the oldest. A new tab begins where the last choice was made.
 */
import { remember, remembered } from "../shell/storage.ts";

const NAME = "organisation";

let chosen: string | undefined = ofTab() || remembered(NAME) || undefined;

export function chosenOrganisation(): string | undefined {
  return chosen;
}

/** From now on; what was read before belongs to another: load the page anew. */
export function chooseOrganisation(id: string | undefined): void {
  chosen = id;
  remember(NAME, id ?? "");
  try {
    sessionStorage.setItem(NAME, id ?? "");
  } catch {
    // Full or forbidden: the page works all the same and forgets.
  }
}

function ofTab(): string | null {
  try {
    return sessionStorage.getItem(NAME) || null;
  } catch {
    return null;
  }
}

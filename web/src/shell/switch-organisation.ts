/**
 * To another of one's organisations. The page is loaded anew: what it has read, the sessions that it follows and the feed
 * belong to the one before.
 */
import { chooseOrganisation } from "../data/chosen.ts";

/** `undefined`: to whichever the server says. `path` is one of this app. */
export function switchOrganisation(id: string | undefined, path = "/"): void {
  chooseOrganisation(id);
  location.assign(path);
}

/** The session itself: what it is, how it stands, and why. */
import * as read from "./read.ts";
import type { Steps } from "./step.ts";

export const session: Steps = {
  "session.created": (draft, event, data) => {
    draft.replace("title", read.text(data.title));
    draft.replace("agent", read.text(data.agent) ?? "");
    draft.replace("model", read.text(data.model) ?? "");
    draft.replace("permissions", data.permissions === "ask" ? "ask" : "allow");
    draft.replace("repository", read.repository(data.repository));
    draft.replace("createdBy", read.author(data.created_by));
    draft.replace("createdAt", event.at);
    return true;
  },
  "session.status_changed": (draft, _event, data) => {
    const status = read.status(data.status);
    if (status === null) return false;
    draft.replace("status", status);
    draft.replace("why", read.why(data.why));
    return true;
  },
  "session.renamed": (draft, _event, data) => {
    const title = read.text(data.title);
    if (title === null) return false;
    draft.replace("title", title);
    return true;
  },
  "session.archived": (draft) => {
    draft.replace("status", "archived");
    return true;
  },
  "session.deleted": (draft) => {
    draft.replace("status", "archived");
    return true;
  },
  "environment.detected": (draft, _event, data) => {
    const plan = read.record(data.plan);
    if (plan === null) return false;
    draft.replace("environment", plan);
    return true;
  },
};

/** `y`, `a` and `n` answer the oldest permission that waits, while no text field has the focus. */
import { useShortcut } from "~/shell/shortcuts.ts";
import { useView } from "../source.ts";

interface Answers {
  once: () => void;
  always: () => void;
  reject: () => void;
}

const ASKED = "When the agent asks";

/** Whether the keys are this permission's. */
export function usePermissionKeys(permissionId: string, answers: Answers): boolean {
  const first = useView((snapshot) => snapshot.view.pending.permissions[0]) === permissionId;
  useShortcut("y", "Allow once", answers.once, { enabled: first, group: ASKED });
  useShortcut("a", "Allow always", answers.always, { enabled: first, group: ASKED });
  useShortcut("n", "Reject", answers.reject, { enabled: first, group: ASKED });
  return first;
}

/** What the session does next by itself, in words. */

const WORDS: Record<string, string> = {
  hibernate: "It goes to sleep",
  fail_prompt: "The turn is given up",
  replace_sandbox: "The sandbox is replaced",
  retire_sandbox: "The sandbox is replaced before its provider ends it",
  start_sandbox: "Another sandbox is tried",
  stop_again: "The sandbox is asked to stop again",
  stop_sandbox: "The sandbox is stopped",
};

export function nextStep(step: string): string {
  return WORDS[step] ?? `Next step: ${step}`;
}

/** What the session does next by itself, in words. */

const WORDS: Record<string, string> = {
  hibernate: "It goes to sleep",
  fail_prompt: "The turn is given up",
  replace_sandbox: "The sandbox is replaced",
};

export function nextStep(step: string): string {
  return WORDS[step] ?? `Next step: ${step}`;
}

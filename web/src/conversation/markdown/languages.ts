/** Names of the languages that are coloured, as they stand behind a fence. */

const NAMES: Record<string, string> = {
  bash: "shellscript",
  sh: "shellscript",
  shell: "shellscript",
  zsh: "shellscript",
  console: "shellscript",
  c: "c",
  h: "c",
  cpp: "c",
  "c++": "c",
  css: "css",
  diff: "diff",
  patch: "diff",
  docker: "docker",
  dockerfile: "docker",
  go: "go",
  golang: "go",
  html: "html",
  htm: "html",
  xml: "html",
  svg: "html",
  java: "java",
  js: "javascript",
  javascript: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  json: "json",
  jsonc: "json",
  json5: "json",
  py: "python",
  python: "python",
  rs: "rust",
  rust: "rust",
  sql: "sql",
  toml: "toml",
  jsx: "tsx",
  ts: "tsx",
  tsx: "tsx",
  typescript: "tsx",
  yaml: "yaml",
  yml: "yaml",
};

/** The grammar's own name; null when there is none. */
export function grammarOf(language: string): string | null {
  const name = language.toLowerCase();
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? null) : null;
}

export function isKnown(language: string): boolean {
  return grammarOf(language) !== null;
}

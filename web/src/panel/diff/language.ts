/** The language of a file by its name, as the highlighter calls it; null when it knows none. */

const BY_END: Record<string, string> = {
  bash: "bash",
  c: "c",
  cc: "c",
  cjs: "javascript",
  cpp: "c",
  css: "css",
  go: "go",
  h: "c",
  htm: "html",
  html: "html",
  java: "java",
  js: "javascript",
  json: "json",
  jsx: "tsx",
  kt: "java",
  mjs: "javascript",
  mts: "tsx",
  py: "python",
  rb: "ruby",
  rs: "rust",
  scss: "css",
  sh: "bash",
  sql: "sql",
  svg: "html",
  toml: "toml",
  ts: "tsx",
  tsx: "tsx",
  vue: "html",
  xml: "html",
  yaml: "yaml",
  yml: "yaml",
  zsh: "bash",
};

export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name === "dockerfile" || name.startsWith("dockerfile.")) return "dockerfile";
  const end = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(BY_END, end) ? (BY_END[end] ?? null) : null;
}

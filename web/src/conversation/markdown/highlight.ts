/**
 * Colours for code, loaded when the first block of a language is whole: shiki on the browser's own regular
 * expressions, one language at a time, and the result as pieces of text with the name of a class.
 */
import { createHighlighterCore, type HighlighterCore, type LanguageInput } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { plainLines } from "~/ui/plain.ts";

export interface ColouredPiece {
  text: string;
  /** Class of its colour; null = that of the text. */
  kind: string | null;
}
export type ColouredLine = ColouredPiece[];

const LANGUAGES: Record<string, LanguageInput> = {
  bash: () => import("shiki/langs/shellscript.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

const ALIASES: Record<string, string> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  shellscript: "bash",
  h: "c",
  cpp: "c",
  "c++": "c",
  patch: "diff",
  docker: "dockerfile",
  golang: "go",
  htm: "html",
  xml: "html",
  svg: "html",
  js: "javascript",
  jsx: "tsx",
  mjs: "javascript",
  cjs: "javascript",
  jsonc: "json",
  json5: "json",
  py: "python",
  rb: "ruby",
  rs: "rust",
  ts: "tsx",
  typescript: "tsx",
  yml: "yaml",
};

/** The theme's colours are names of ours: the tokens of light and dark decide what they look like. */
const KINDS: Record<string, string[]> = {
  "c-k-comment": ["comment", "punctuation.definition.comment", "markup.quote"],
  "c-k-string": ["string", "punctuation.definition.string", "markup.inserted", "constant.other.symbol"],
  "c-k-keyword": ["keyword", "storage", "entity.name.tag", "punctuation.definition.tag"],
  "c-k-value": ["constant", "support.constant", "variable.language", "entity.other.attribute-name"],
  "c-k-name": [
    "entity.name.function",
    "support.function",
    "entity.name.type",
    "entity.name.class",
    "support.type",
    "support.type.property-name",
  ],
  "c-k-out": ["markup.deleted", "invalid"],
  "c-k-plain": ["keyword.operator", "punctuation"],
};
const CODES = Object.keys(KINDS);

const theme = {
  name: "coordinator",
  type: "light" as const,
  fg: "#000000",
  bg: "#ffffff",
  settings: CODES.map((kind, at) => ({ scope: KINDS[kind] ?? [], settings: { foreground: code(at) } })),
};

let highlighter: Promise<HighlighterCore> | null = null;
const loaded = new Map<string, Promise<void>>();
const cache = new Map<string, ColouredLine[]>();

/** The coloured lines; null for a language that is not known here. */
export async function highlight(text: string, language: string): Promise<ColouredLine[] | null> {
  const name = ALIASES[language.toLowerCase()] ?? language.toLowerCase();
  const input = Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : undefined;
  if (input === undefined) return null;
  const key = `${name}\n${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  highlighter ??= createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [theme],
  });
  const shiki = await highlighter;
  let loading = loaded.get(name);
  if (loading === undefined) {
    loading = shiki.loadLanguage(input);
    loaded.set(name, loading);
  }
  await loading;
  await idle();
  const lang = name === "bash" ? "shellscript" : name === "dockerfile" ? "docker" : name;
  const { tokens } = shiki.codeToTokens(text, {
    lang,
    theme: "coordinator",
    tokenizeTimeLimit: 200,
    tokenizeMaxLineLength: 2000,
  });
  const lines = tokens.map((line) =>
    line.map(({ content, color }) => ({ text: plainLines(content), kind: kind(color) })),
  );
  if (cache.size > 200) cache.clear();
  cache.set(key, lines);
  return lines;
}

function code(at: number): string {
  return `#0000${(at + 16).toString(16).padStart(2, "0")}`;
}

function kind(color: string | undefined): string | null {
  const at = Number.parseInt(color?.slice(5, 7) ?? "0", 16) - 16;
  const name = CODES[at];
  return name === undefined || name === "c-k-plain" ? null : name;
}

function idle(): Promise<void> {
  return new Promise((done) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => done(), { timeout: 300 });
    else setTimeout(done, 0);
  });
}

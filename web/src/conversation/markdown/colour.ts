/**
 * Code in colours: shiki on the browser's own regular expressions, one language at a time, and the result as pieces
 * of text with the name of a class. The tokens of light and dark decide what a class looks like.
 */
import { createHighlighterCore, type HighlighterCore, type LanguageInput } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { plainLines } from "~/ui/plain.ts";
import { grammarOf } from "./languages.ts";

export interface ColouredPiece {
  text: string;
  /** Class of its colour; null = that of the text. */
  kind: string | null;
}
export type ColouredLine = ColouredPiece[];

const GRAMMARS: Record<string, LanguageInput> = {
  c: () => import("shiki/langs/c.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  docker: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  shellscript: () => import("shiki/langs/shellscript.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

/** What of a grammar's scopes has which class; the theme's colours are only numbers for them. */
const KINDS: [kind: string | null, scopes: string[]][] = [
  ["c-k-comment", ["comment", "punctuation.definition.comment", "markup.quote"]],
  ["c-k-string", ["string", "punctuation.definition.string", "markup.inserted", "constant.other.symbol"]],
  ["c-k-keyword", ["keyword", "storage", "entity.name.tag", "punctuation.definition.tag"]],
  ["c-k-value", ["constant", "support.constant", "variable.language", "entity.other.attribute-name"]],
  [
    "c-k-name",
    [
      "entity.name.function",
      "support.function",
      "entity.name.type",
      "entity.name.class",
      "support.type",
      "support.type.property-name",
    ],
  ],
  ["c-k-out", ["markup.deleted", "invalid"]],
  [null, ["keyword.operator", "punctuation"]],
];
const FIRST_CODE = 16;

const theme = {
  name: "coordinator",
  type: "light" as const,
  fg: "#000000",
  bg: "#ffffff",
  settings: KINDS.map(([, scope], at) => ({
    scope,
    settings: { foreground: `#0000${(at + FIRST_CODE).toString(16)}` },
  })),
};

let highlighter: Promise<HighlighterCore> | null = null;
const loading = new Map<string, Promise<void>>();

/** The coloured lines; null for a language that is not known here. */
export async function colour(text: string, language: string): Promise<ColouredLine[] | null> {
  const lang = grammarOf(language);
  const grammar = lang === null ? undefined : GRAMMARS[lang];
  if (lang === null || grammar === undefined) return null;
  highlighter ??= createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    themes: [theme],
  });
  const shiki = await highlighter;
  const known = loading.get(lang) ?? shiki.loadLanguage(grammar);
  loading.set(lang, known);
  await known;
  const { tokens } = shiki.codeToTokens(text, {
    lang,
    theme: "coordinator",
    tokenizeTimeLimit: 5000,
    tokenizeMaxLineLength: 2000,
  });
  return tokens.map((line) =>
    line.map(({ content, color }) => ({ text: plainLines(content), kind: kindOf(color) })),
  );
}

function kindOf(color: string | undefined): string | null {
  return KINDS[Number.parseInt(color?.slice(5, 7) ?? "0", 16) - FIRST_CODE]?.[0] ?? null;
}

/**
 * Text as blocks (paragraph, list, fence ...), made again only where it changed. While text grows at its end, all
 * blocks but the last keep their identity, so that what is on the screen for them is not touched.
 */
import { Lexer, type Token } from "marked";
import { mend } from "./mend.ts";

export interface Block {
  /** Never changes while the text only grows. */
  key: string;
  /** Where it begins in the text. */
  at: number;
  raw: string;
  token: Token;
}

/** A block longer than this (code aside), or a line of thought with more marks than that, is shown as plain text. */
const LONGEST = 128 * 1024;
const MOST_MARKS = 600;
/** A list or quote nested deeper is plain text. */
const NESTED = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){40}/m;

export class Splitter {
  private text = "";
  private blocks: Block[] = [];
  /** Where the last block begins. */
  private last = 0;
  private streaming = false;

  /** The blocks of `raw`; `streaming` while more is to come. */
  update(raw: string, streaming: boolean): Block[] {
    const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
    if (text === this.text && streaming === this.streaming) return this.blocks;
    const grew = this.text !== "" && text.length >= this.text.length && text.startsWith(this.text);
    if (grew && streaming && this.waits(text.length)) return this.blocks;
    const kept = grew ? this.blocks.filter((block) => block.at < this.last) : [];
    const from = grew ? this.last : 0;
    const made = blocksOf(text.slice(from), from, kept.length, streaming);
    // What reads the same stays the same object, for the memo of what shows it.
    const same = made.blocks.map((block, at) => {
      const before = this.blocks[kept.length + at];
      return before !== undefined && before.raw === block.raw && before.key === block.key ? before : block;
    });
    this.text = text;
    this.streaming = streaming;
    this.last = made.last;
    this.blocks = [...kept, ...same];
    return this.blocks;
  }

  /** A long list or table is not taken apart again for every few letters. */
  private waits(length: number): boolean {
    const open = this.text.length - this.last;
    const block = this.blocks[this.blocks.length - 1];
    return open > 16_384 && block?.token.type !== "code" && length - this.text.length < open / 64;
  }
}

/** The blocks of a text that is whole. */
export function split(text: string): Block[] {
  return new Splitter().update(text, false);
}

function blocksOf(
  text: string,
  from: number,
  count: number,
  streaming: boolean,
): { blocks: Block[]; last: number } {
  const blocks: Block[] = [];
  const add = (token: Token, at: number): void => {
    blocks.push({ key: String(count + blocks.length), at, raw: token.raw, token });
  };
  let at = from;
  let last = from;
  for (const token of lex(text)) {
    if (isShown(token)) {
      add(token, at);
      last = at;
    }
    at += token.raw.length;
  }
  if (streaming && blocks.length > 0) {
    // Only the last block is open at its end.
    const open = text.slice(last - from);
    const mended = mend(open);
    if (mended !== open) {
      blocks.pop();
      for (const token of lex(mended)) if (isShown(token)) add(token, last);
    }
  }
  return { blocks, last };
}

function isShown(token: Token): boolean {
  return token.type !== "space" && token.type !== "def";
}

/** A paragraph that is nested too deep is plain text; what stands before and after it is not. */
function lex(text: string): Token[] {
  const out: Token[] = [];
  let rest = text;
  for (let deep = NESTED.exec(rest); deep !== null; deep = NESTED.exec(rest)) {
    const before = rest.lastIndexOf("\n\n", deep.index);
    const after = rest.indexOf("\n\n", deep.index + deep[0].length);
    const from = before < 0 ? 0 : before + 2;
    const to = after < 0 ? rest.length : after;
    out.push(...tokens(rest.slice(0, from)), asText(rest.slice(from, to)));
    rest = rest.slice(to);
  }
  return [...out, ...tokens(rest)];
}

function tokens(text: string): Token[] {
  if (text === "") return [];
  if (text.trim() === "") return [{ type: "space", raw: text }];
  try {
    const lexer = new Lexer({ gfm: true });
    const blocks = lexer.blockTokens(text, []);
    for (const [at, token] of blocks.entries()) {
      if (token.type !== "code" && token.type !== "space" && token.raw.length > LONGEST)
        blocks[at] = asText(token.raw);
    }
    for (const { src, tokens: into } of lexer.inlineQueue) {
      if (isHeavy(src)) into.push({ type: "text", raw: src, text: src, escaped: false });
      else lexer.inlineTokens(src, into);
    }
    return blocks;
  } catch {
    // Too deep to be taken apart.
    return [asText(text)];
  }
}

/** Made to cost time rather than to be read. */
function isHeavy(text: string): boolean {
  if (text.length > LONGEST) return true;
  if (text.length < MOST_MARKS) return false;
  return (text.match(/[*_~[(]/g)?.length ?? 0) > MOST_MARKS;
}

function asText(raw: string): Token {
  return { type: "plain", raw, text: raw };
}

/**
 * Terminal output as lines of styled pieces: SGR colours are kept, carriage return and backspace act as on a
 * screen, every other sequence is dropped, and what is left of control or direction characters becomes visible.
 * Nothing here makes markup; the pieces are text.
 */
import { plainLines } from "~/ui/plain.ts";

export interface Style {
  /** 0 to 15, as in the classic palette. */
  fg?: number;
  bg?: number;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

export interface Piece {
  text: string;
  style: Style | null;
}

export type Line = Piece[];

/**
 * CSI; OSC and other strings, ended by BEL, by ST or by the end of the line, so that none hides what follows;
 * two-character escapes.
 */
const SEQUENCE = new RegExp(
  [
    String.raw`(?:\x1b\[|\x9b)([0-9:;<=>?]*)[ -/]*([@-~])`,
    String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c|(?=\n)|$)`,
    String.raw`\x1b[ -/]*[0-~]`,
    String.raw`\x1b`,
  ].join("|"),
  "g",
);

/** All lines of `text`; a last line that is empty is not one. */
export function parseAnsi(text: string): Line[] {
  const lines: Line[] = [];
  let style: Style | null = null;
  /** What stands left of the cursor, and what of an older writing still stands right of it. */
  let left: Line = [];
  let right: Line = [];

  const put = (row: string): void => {
    for (const [at, part] of row.split("\r").entries()) {
      if (at > 0 && left.length > 0) {
        right = [...left, ...right];
        left = [];
      }
      if (part === "") continue;
      if (right.length > 0) right = over(right, part.length);
      left.push(piece(part, style));
    }
  };
  const write = (raw: string): void => {
    for (const [at, row] of raw.split("\n").entries()) {
      if (at > 0) {
        lines.push([...left, ...right]);
        left = [];
        right = [];
      }
      if (row !== "") put(row);
    }
  };

  let from = 0;
  for (const found of text.matchAll(SEQUENCE)) {
    if (found.index > from) write(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[2] === "m") style = sgr(found[1] ?? "", style);
    else if (found[2] === "K" && found[1] !== "1") {
      right = [];
      if (found[1] === "2") left = [];
    }
  }
  if (from < text.length) write(text.slice(from));
  if (left.length + right.length > 0) lines.push([...left, ...right]);
  return lines;
}

function piece(raw: string, style: Style | null): Piece {
  return { text: plainLines(backspaces(raw)), style };
}

/** `ab\bc` shows as `ac`. */
function backspaces(raw: string): string {
  if (!raw.includes("\b")) return raw;
  const out: string[] = [];
  for (const char of raw) {
    if (char === "\b") out.pop();
    else out.push(char);
  }
  return out.join("");
}

/** What stays of `line` when its first `count` characters are written over. */
function over(line: Line, count: number): Line {
  const rest: Line = [];
  let skip = count;
  for (const piece of line) {
    if (skip >= piece.text.length) {
      skip -= piece.text.length;
      continue;
    }
    rest.push(skip > 0 ? { text: piece.text.slice(skip), style: piece.style } : piece);
    skip = 0;
  }
  return rest;
}

function sgr(parameters: string, before: Style | null): Style | null {
  const style: Style = { ...before };
  const codes = parameters.split(/[;:]/, 32).map((code) => (code === "" ? 0 : Number(code)));
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, at);
      at += used;
      if (colour !== null) style[code === 38 ? "fg" : "bg"] = colour;
    } else set(style, code);
  }
  return Object.keys(style).length === 0 ? null : style;
}

function set(style: Style, code: number): void {
  if (code === 0) for (const key of Object.keys(style)) delete style[key as keyof Style];
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 9) style.strike = true;
  else if (code === 22) {
    delete style.bold;
    delete style.dim;
  } else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
  else if (code >= 30 && code <= 37) style.fg = code - 30;
  else if (code === 39) delete style.fg;
  else if (code >= 40 && code <= 47) style.bg = code - 40;
  else if (code === 49) delete style.bg;
  else if (code >= 90 && code <= 97) style.fg = code - 82;
  else if (code >= 100 && code <= 107) style.bg = code - 92;
}

/** `38;5;n` and `38;2;r;g;b` as the nearest of the sixteen colours, so that both themes stay readable. */
function extended(codes: number[], at: number): [number | null, number] {
  if (codes[at + 1] === 5) {
    const index = codes[at + 2] ?? 0;
    return [index < 16 ? index : index < 232 ? nearest(cube(index - 16)) : nearest(grey(index)), 2];
  }
  if (codes[at + 1] === 2) {
    return [nearest([codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0]), 4];
  }
  return [null, 0];
}

type Rgb = [number, number, number];

function cube(index: number): Rgb {
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return [level(Math.floor(index / 36)), level(Math.floor(index / 6) % 6), level(index % 6)];
}

function grey(index: number): Rgb {
  const level = 8 + (index - 232) * 10;
  return [level, level, level];
}

function nearest([red, green, blue]: Rgb): number {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most < 64 ? 0 : most < 150 ? 8 : most < 220 ? 7 : 15;
  const middle = (most + least) / 2;
  const bits = (red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0);
  return most > 200 ? bits + 8 : bits;
}

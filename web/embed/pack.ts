/**
 * The last step of the app's build: compresses each file with brotli and gzip and lists them with their hashes in
 * `dist/embed.txt`, from which the server's build embeds them. Node does it, so that no compressor is compiled into the
 * server; the list is written last, so that an unfinished build has none.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const LIST = "embed.txt";
const COMPRESSIBLE = new Set([
  ".css",
  ".html",
  ".ico",
  ".js",
  ".json",
  ".md",
  ".svg",
  ".txt",
  ".webmanifest",
]);
const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** A Vite plugin that packs what was written. */
export function pack(): Plugin {
  return {
    name: "pack",
    apply: "build",
    writeBundle: {
      order: "post",
      sequential: true,
      async handler(options) {
        if (options.dir) await packAll(options.dir);
      },
    },
  };
}

async function packAll(directory: string) {
  await rm(join(directory, LIST), { force: true });
  const lines: string[] = [];
  for (const path of await files(directory)) {
    const content = await readFile(join(directory, path));
    const encodings: string[] = [];
    if (COMPRESSIBLE.has(extname(path))) {
      const settings = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      for (const [name, suffix, packed] of [
        ["br", ".br", await brotli(content, { params: settings })],
        ["gzip", ".gz", await deflate(content, { level: 9 })],
      ] as const) {
        if (packed.length >= content.length) continue;
        await writeFile(join(directory, path + suffix), packed);
        encodings.push(name);
      }
    }
    const hash = createHash("sha256").update(content).digest("hex");
    lines.push([path, hash, encodings.join(" ")].join("\t"));
  }
  await writeFile(join(directory, LIST), `${lines.join("\n")}\n`);
}

/** What the server serves: not Vite's notes to itself, and not what an earlier run of this file made. */
async function files(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(".") && !/\.(br|gz|map)$/.test(path))
    .sort();
}

/** The built app from `web/dist`: hashed assets, and the page for every other path. */
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { PAGE_HEADERS } from "./headers.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export async function serveFile(dist: string, path: string, response: ServerResponse): Promise<void> {
  const inside = normalize(decodeURIComponent(path)).replace(/^(\.\.[/\\])+/, "");
  const found = extname(inside) === "" ? null : await readFile(join(dist, inside)).catch(() => null);
  if (found === null && inside.startsWith("/assets/")) {
    response.writeHead(404).end();
    return;
  }
  const body = found ?? (await readFile(join(dist, "index.html")));
  const type = found === null ? ".html" : extname(inside);
  response.writeHead(200, {
    ...PAGE_HEADERS,
    "content-type": TYPES[type] ?? "application/octet-stream",
    "cache-control": "no-store",
  });
  response.end(body);
}

/** The build of the web app: hashed assets for the server to embed, and a dev server that proxies to it. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { pack } from "./embed/pack.ts";

const server = process.env.COORDINATOR_SERVER ?? "http://127.0.0.1:8080";
const proxied = { target: server, ws: true };

export default defineConfig({
  plugins: [react(), tailwindcss(), pack()],
  resolve: {
    alias: { "~": new URL("./src", import.meta.url).pathname },
    conditions: ["source", "module", "browser", "development|production"],
  },
  build: {
    target: "es2023",
    manifest: true,
    license: { fileName: "licences.md" },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/v1": proxied,
      "/health": proxied,
      "/docs": proxied,
      "/problems": proxied,
      "/openapi.json": proxied,
    },
  },
});

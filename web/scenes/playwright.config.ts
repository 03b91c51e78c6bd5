/** How the gallery runs: the machine's own Chromium, two views at a time. */
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: process.env.PICTURES ? "pictures.ts" : "*.spec.ts",
  outputDir: "../journeys/out/scenes",
  fullyParallel: true,
  workers: 2,
  // How long to wait before giving up, on a machine that is busy with other things; nothing waits without need.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    actionTimeout: 30_000,
    headless: true,
    launchOptions: {
      ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

/** The journeys: a person's ways through the app, in a real Chromium, against the real server with a real agent. */
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const chromium = process.env.COORDINATOR_CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(chromium)) {
  throw new Error(
    `There is no ${chromium}: install Debian's chromium, or name another in COORDINATOR_CHROMIUM.`,
  );
}

export default defineConfig({
  testDir: "journeys",
  testMatch: "*.spec.ts",
  outputDir: "journeys/out/.failed",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  // How long to wait before giving up, on a machine that is busy with other things; nothing waits without need.
  timeout: 420_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    actionTimeout: 60_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
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

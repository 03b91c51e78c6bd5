/** Tests of the app's parts. Those that need a page say so in their first line; journeys through the whole app are Playwright's. */
import { defineConfig, mergeConfig } from "vitest/config";
import app from "./vite.config.ts";

export default mergeConfig(
  app,
  defineConfig({
    test: { include: ["src/**/*.test.{ts,tsx}", "scenes/**/*.test.ts"], maxWorkers: 2 },
  }),
);

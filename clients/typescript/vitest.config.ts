/** Tests of the SDK. One worker: the real server's tests want the machine for themselves. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Node 20 has a WebSocket, but does not show it unasked.
  test: {
    include: ["tests/**/*.test.ts"],
    maxWorkers: 1,
    testTimeout: 20_000,
    execArgv: ["--experimental-websocket", "--expose-gc"],
  },
});

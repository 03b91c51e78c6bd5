/** The committed types are what the server's description says. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

test("the schema is the one of the reference", { timeout: 60_000 }, () => {
  const cwd = fileURLToPath(new URL("../../../", import.meta.url));
  execFileSync("npm", ["run", "-s", "generate", "-w", "@agent-coordinator/generate", "--", "--check"], {
    cwd,
  });
});

/** Where the programs under test are. A journey that is skipped proves nothing: without them it fails and says how. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const directory = process.env.COORDINATOR_BIN_DIR ?? join(root, "target/release");

export function programs(name: "coordinator"): string {
  const path = join(directory, name);
  if (!existsSync(path)) throw new Error(`${path} is not built: run \`cargo xtask build\` first.`);
  return path;
}

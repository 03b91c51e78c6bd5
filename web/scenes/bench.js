/** `node web/scenes/bench.js [figure ...]`: measures the budgets in a real Chromium. Vite's own runner takes the types off. */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const conditions = ["source", "module", "node"];
const { module } = await runnerImport(fileURLToPath(new URL("./bench/run.ts", import.meta.url)), {
  configFile: false,
  logLevel: "warn",
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
process.exitCode = (await module.run(process.argv.slice(2))) ? 0 : 1;

/** `node web/scenes/serve.js <scene> [port]`: one scene on a port, to look at. Vite's own runner takes the types off. */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const [name = "", port = "4174"] = process.argv.slice(2);
const conditions = ["source", "module", "node"];
const load = (file) =>
  runnerImport(fileURLToPath(new URL(file, import.meta.url)), {
    configFile: false,
    logLevel: "warn",
    resolve: { conditions },
    ssr: { resolve: { conditions } },
  });
const { module: all } = await load("./all.ts");
const make = all.SCENES[name];
if (make === undefined) {
  process.stderr.write(`scenes: ${Object.keys(all.SCENES).join(" ")}\n`);
  process.exit(2);
}
const { module: server } = await load("./server.ts");
const scene = make();
const { url } = await server.serveScene(scene, { port: Number(port) });
process.stdout.write(`${url}${scene.path}\n`);

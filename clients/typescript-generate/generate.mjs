/**
 * Writes `clients/typescript/src/api/schema.ts` from `docs/reference/openapi.json`, so that the SDK's types are the
 * server's own description. With `--check` it only compares, and fails when the committed file is another.
 */
import { readFile, writeFile } from "node:fs/promises";
import openapiTypeScript, { astToString } from "openapi-typescript";

const document = new URL("../../docs/reference/openapi.json", import.meta.url);
const schema = new URL("../typescript/src/api/schema.ts", import.meta.url);
const header = "/** Made from docs/reference/openapi.json by `npm run generate -w @agent-coordinator/generate`; not edited by hand. */\n\n";

const nodes = await openapiTypeScript(JSON.parse(await readFile(document, "utf8")), { alphabetize: true });
const text = header + astToString(nodes);

if (process.argv.includes("--check")) {
  const committed = await readFile(schema, "utf8").catch(() => "");
  if (committed !== text) {
    console.error("clients/typescript/src/api/schema.ts is not what docs/reference/openapi.json says; run: npm run generate -w @agent-coordinator/generate");
    process.exitCode = 1;
  }
} else {
  await writeFile(schema, text);
}

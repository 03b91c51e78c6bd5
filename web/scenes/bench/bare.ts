/** The bare page: a text field, and text that grows. What the browser itself costs is known from it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title>
<p id="text"></p><textarea aria-label="Message" autofocus></textarea>
<script>
  const line = document.querySelector("#text");
  if (location.hash === "#stream") setInterval(() => line.append("word "), 10);
</script>`;

export interface BarePage {
  url: string;
  close(): void;
}

export async function serveBare(): Promise<BarePage> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Artifacts: what is sent and asked for. */
import { expect, test } from "vitest";
import { Coordinator } from "../src/index.ts";
import { json, problem } from "./problem.ts";

interface Sent {
  method: string;
  path: string;
  headers: Headers;
  bytes: Uint8Array;
}

function session(answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const { pathname, search } = new URL(request.url);
    const bytes = new Uint8Array(await request.clone().arrayBuffer());
    sent.push({ method: request.method, path: pathname + search, headers: request.headers, bytes });
    const answer = answers[sent.length - 1];
    if (answer === undefined) throw new Error("no answer");
    return answer();
  };
  const coordinator = new Coordinator({ server: "http://server/", apiKey: "ack_1", fetch });
  return { handle: coordinator.sessions.open("ses_1"), sent };
}

const artifact = { id: "art_1", name: "a b.png", media_type: "image/png", size_bytes: 3 };

test("a file goes up as it is, and once however often it is sent", async () => {
  const { handle, sent } = session([() => problem(503, "unavailable"), () => json(artifact, 201)]);
  const bytes = new Uint8Array([0, 255, 1]);
  expect(await handle.uploadArtifact(new File([bytes], "a b.png", { type: "image/png" }))).toEqual(artifact);
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(2).fill("POST /v1/sessions/ses_1/artifacts?name=a%20b.png"),
  );
  expect(sent[1]?.bytes).toEqual(bytes);
  expect(sent[1]?.headers.get("Content-Type")).toBe("image/png");
  expect(new Set(sent.map(({ headers }) => headers.get("Idempotency-Key"))).size).toBe(1);
});

test("bytes with a name go up without directories", async () => {
  const { handle, sent } = session([() => json(artifact, 201)]);
  await handle.uploadArtifact({ name: "../c.bin", data: new Uint8Array([7]) });
  expect(sent[0]?.path).toBe("/v1/sessions/ses_1/artifacts?name=c.bin");
  expect(sent[0]?.headers.get("Content-Type")).toBe("application/octet-stream");
});

test("what is too much is said with the limit", async () => {
  const { handle } = session([() => problem(409, "artifact_limit", { limit: 200 })]);
  const upload = handle.uploadArtifact({ name: "a", data: new Uint8Array() });
  await expect(upload).rejects.toMatchObject({ status: 409, code: "artifact_limit", limit: 200 });
});

test("list, content, a part of it, and away", async () => {
  const content = () => new Response(new Uint8Array([1, 2, 3]));
  const { handle, sent } = session([
    () => json({ items: [artifact], next_cursor: null }),
    content,
    content,
    content,
    () => new Response(null, { status: 204 }),
  ]);
  expect(await handle.artifacts({ limit: 1 })).toEqual({ items: [artifact], next_cursor: null });
  expect(await handle.artifact("art_1")).toEqual(new Uint8Array([1, 2, 3]));
  await handle.artifactStream("art_1", { range: { start: 10 } });
  await handle.artifactStream("art_1", { range: { start: 0, end: 10 } });
  await handle.artifactStream("art_1", { range: { start: 5, end: 5 } });
  await handle.deleteArtifact("art_1");
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /v1/sessions/ses_1/artifacts?limit=1",
    ...Array(3).fill("GET /v1/sessions/ses_1/artifacts/art_1"),
    "DELETE /v1/sessions/ses_1/artifacts/art_1",
  ]);
  expect(sent.map(({ headers }) => headers.get("Range"))).toEqual([
    null,
    null,
    "bytes=10-",
    "bytes=0-9",
    null,
  ]);
  expect(handle.artifactUrl("art_1")).toBe("http://server/v1/sessions/ses_1/artifacts/art_1");
});

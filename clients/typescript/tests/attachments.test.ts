/** Files for a prompt. */
import { expect, test } from "vitest";
import {
  base64,
  checkPrompt,
  encodeAttachments,
  MAX_ATTACHMENT_BYTES,
  MAX_PROMPT_BYTES,
} from "../src/index.ts";

test("whatever a program or a page has becomes what the server takes", async () => {
  const bytes = new Uint8Array([0, 255, 1]);
  const got = await encodeAttachments([
    new File([bytes], "C:\\pictures\\a\u0000b.png", { type: "image/png" }),
    new Blob(["hi"]),
    { name: "../../c.bin", data: bytes },
    { name: "d.txt", media_type: "text/plain", data: bytes.buffer },
    { name: "e.txt", media_type: "text/plain; charset=utf-8", data: "aGk=" },
    { name: "..", media_type: "none", data: new Blob([]) },
  ]);
  expect(got).toEqual([
    { name: "ab.png", media_type: "image/png", data: "AP8B" },
    { name: "attachment", media_type: "application/octet-stream", data: "aGk=" },
    { name: "c.bin", media_type: "application/octet-stream", data: "AP8B" },
    { name: "d.txt", media_type: "text/plain", data: "AP8B" },
    { name: "e.txt", media_type: "text/plain; charset=utf-8", data: "aGk=" },
    { name: "attachment", media_type: "application/octet-stream", data: "" },
  ]);
});

test("long names keep their ending", async () => {
  const [got] = await encodeAttachments([{ name: `${"ü".repeat(400)}.png`, data: new Uint8Array() }]);
  expect([...(got?.name ?? "")]).toHaveLength(255);
  expect(got?.name.endsWith("ü.png")).toBe(true);
});

test("what is too large is said before anything is sent", async () => {
  const half = { name: "a", data: new Uint8Array(MAX_ATTACHMENT_BYTES / 2 + 1) };
  await expect(encodeAttachments([half, half])).rejects.toMatchObject({
    status: 413,
    code: "prompt_too_large",
    field: "attachments",
    limit: MAX_ATTACHMENT_BYTES,
    requestId: null,
  });
  const many = Array.from({ length: 65 }, () => ({ name: "a", data: new Uint8Array() }));
  await expect(encodeAttachments(many)).rejects.toMatchObject({
    status: 400,
    code: "invalid_request",
    limit: 64,
  });
  expect(() => checkPrompt("ü".repeat(MAX_PROMPT_BYTES / 2))).not.toThrow();
  expect(() => checkPrompt("ü".repeat(MAX_PROMPT_BYTES / 2 + 1))).toThrow("65538 bytes");
});

test("base64 of any length is what others make of it", () => {
  for (const size of [0, 1, 2, 3, 0x6000 - 1, 0x6000, 0x6000 + 1, 100_000]) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  }
});

// @vitest-environment jsdom
import { expect, test } from "vitest";
import { addFiles } from "./files.ts";

test("a name that cannot be sent is changed, its file is not", () => {
  const given = [
    ["plain.txt", "plain.txt"],
    ["safe\u202egnp.exe", "safe_gnp.exe"],
    ["a/b\\c\n.txt", "a_b_c_.txt"],
    [" ", "file"],
    ["Größe \u05d0.txt", "Größe \u05d0.txt"],
  ] as const;
  for (const [name, sent] of given) {
    const file = new File(["abc"], name, { type: "text/plain", lastModified: 7 });
    const [picked] = addFiles([], [file]).files;
    expect(picked?.file.name).toBe(sent);
    expect([picked?.file.size, picked?.file.type, picked?.file.lastModified]).toEqual([3, "text/plain", 7]);
  }
});

/** Files to be sent along: which may be added, measured before anything is sent. */
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from "@agent-coordinator/client";
import { bytes, plain } from "~/ui/index.ts";

export interface Picked {
  id: number;
  file: File;
}

let last = 0;

/** The files that fit in with those that are there, and why the others do not. */
export function addFiles(have: Picked[], more: Iterable<File>): { files: Picked[]; problem: string | null } {
  const files = [...have];
  let total = have.reduce((sum, { file }) => sum + file.size, 0);
  let problem: string | null = null;
  for (const file of more) {
    const name = plain(file.name, 60);
    if (files.length >= MAX_ATTACHMENTS) {
      problem = `At most ${MAX_ATTACHMENTS} files go with one prompt.`;
      break;
    }
    if (total + file.size > MAX_ATTACHMENT_BYTES) {
      problem = `“${name}” (${bytes(file.size)}) does not fit: all files together may have ${bytes(MAX_ATTACHMENT_BYTES)}, and ${bytes(MAX_ATTACHMENT_BYTES - total)} are left.`;
      continue;
    }
    total += file.size;
    last += 1;
    files.push({ id: last, file: named(file) });
  }
  return { files, problem };
}

/** What the server takes in no name of a file: directories, control characters, those that turn the direction of text. */
const REFUSED = /[/\\\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The file under a name that can be sent and looked at. */
function named(file: File): File {
  const name = file.name.replace(REFUSED, "_").trim() || "file";
  return name === file.name
    ? file
    : new File([file], name, { type: file.type, lastModified: file.lastModified });
}

/** Files for a session: from what a program or a page has to the body of one upload. */
import { fileName, mediaType, type NamedBytes } from "./attachments.ts";

/** A file of a page, or bytes with a name. */
export type ArtifactInput = File | NamedBytes;

/** What is sent. It is held by the caller already, so that it can be sent again. */
export function asUpload(input: ArtifactInput): { name: string; mediaType: string; body: Blob } {
  if (input instanceof Blob)
    return { name: fileName(input.name), mediaType: mediaType(input.type), body: input };
  const { name, data, media_type } = input;
  const body = data instanceof Blob ? data : new Blob([data as BlobPart]);
  return { name: fileName(name), mediaType: mediaType(media_type), body };
}

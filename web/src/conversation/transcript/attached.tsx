/** Files that came along with a prompt: pictures as thumbnails, everything else as chips. */
import type { AttachmentMeta } from "@agent-coordinator/client";
import { File } from "lucide-react";
import { useState } from "react";
import { bytes, plain } from "~/ui/index.ts";
import { useSource } from "../source.ts";

/** Types that a browser draws without running anything. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

export function isPicture(mediaType: string): boolean {
  return PICTURES.has(mediaType.toLowerCase());
}

export function AttachedFiles({ promptId, files }: { promptId: string; files: AttachmentMeta[] }) {
  const { attachmentUrl } = useSource();
  return (
    <ul aria-label="Attachments" className="mt-2.5 flex flex-wrap gap-2">
      {files.map((file, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name; their order never changes
        <li key={at} className="min-w-0 max-w-full">
          <Attached file={file} url={attachmentUrl(promptId, at)} />
        </li>
      ))}
    </ul>
  );
}

function Attached({ file, url }: { file: AttachmentMeta; url: string }) {
  const [broken, setBroken] = useState(false);
  const name = plain(file.name, 120);
  if (isPicture(file.media_type) && !broken) {
    return (
      <a
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        title={`${name}, ${bytes(file.size_bytes)}`}
        className="block"
      >
        <img
          src={url}
          alt={name}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
          className="size-24 rounded-control border border-line bg-bg object-cover"
        />
      </a>
    );
  }
  return (
    <a
      href={url}
      download={name}
      className="flex h-8 max-w-64 items-center gap-1.5 rounded-control border border-line bg-raised px-2 text-small hover:bg-hover max-md:h-10"
    >
      <File aria-hidden className="size-3.5 shrink-0 text-muted" />
      <bdi className="truncate">{name}</bdi>
      <span className="shrink-0 text-muted">{bytes(file.size_bytes)}</span>
    </a>
  );
}

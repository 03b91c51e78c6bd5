/** The files that will go along with the prompt. */
import { File as FileIcon, X } from "lucide-react";
import { useEffect, useState } from "react";
import { bytes, IconButton, plain } from "~/ui/index.ts";
import { isPicture } from "../transcript/attached.tsx";
import type { Picked } from "./files.ts";

export function FileChips({ files, onRemove }: { files: Picked[]; onRemove: (id: number) => void }) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Files to send" className="flex max-h-28 flex-wrap gap-2 overflow-y-auto px-3 pt-3">
      {files.map(({ id, file }) => (
        <li
          key={id}
          className="flex h-10 max-w-60 items-center gap-2 rounded-control border border-line bg-surface ps-1.5 pe-0.5 text-small"
        >
          {isPicture(file.type) ? (
            <Thumbnail file={file} />
          ) : (
            <FileIcon aria-hidden className="size-4 shrink-0 text-muted" />
          )}
          <span className="min-w-0">
            <bdi className="block truncate">{plain(file.name, 120)}</bdi>
            <span className="text-muted">{bytes(file.size)}</span>
          </span>
          <IconButton
            size="small"
            label={`Remove ${plain(file.name, 120)}`}
            icon={<X aria-hidden />}
            onClick={() => onRemove(id)}
          />
        </li>
      ))}
    </ul>
  );
}

function Thumbnail({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (broken) return <FileIcon aria-hidden className="size-4 shrink-0 text-muted" />;
  if (url === null) return <span className="size-7" />;
  return (
    <img src={url} alt="" onError={() => setBroken(true)} className="size-7 shrink-0 rounded object-cover" />
  );
}

/** The changed files as a list to jump from. Left out for one or two: they are in sight anyway. */
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { cx, Kbd } from "~/ui/index.ts";
import { Path } from "../diff/path-text.tsx";
import { Stat } from "../diff/stat.tsx";
import type { FileChange } from "../diff/types.ts";

/** Longer lists begin folded. */
const FOLD = 12;
const PAGE = 500;

const LETTER: Record<FileChange["kind"], [string, string, string]> = {
  modified: ["M", "modified", "text-muted"],
  added: ["A", "added", "text-ok"],
  deleted: ["D", "deleted", "text-bad"],
  renamed: ["R", "renamed", "text-muted"],
  copied: ["C", "copied", "text-muted"],
};

export function FileList({ files, onShow }: { files: FileChange[]; onShow: (index: number) => void }) {
  const [open, setOpen] = useState(files.length <= FOLD);
  if (files.length < 3) return null;
  return (
    <nav aria-label="Changed files" className="border-b border-line py-1">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-7 w-full items-center gap-1.5 px-2 text-left text-small text-muted outline-offset-[-2px] hover:text-text pointer-coarse:min-h-10"
      >
        <ChevronRight
          aria-hidden
          className={cx("size-3.5 transition-transform duration-100", open && "rotate-90")}
        />
        Files
        <span className="ml-auto max-sm:hidden">
          <Kbd keys="," /> <Kbd keys="." /> previous and next
        </span>
      </button>
      {open && (
        <ul>
          {files.slice(0, PAGE).map((file, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a patch may name one path twice
            <li key={index}>
              <button
                type="button"
                onClick={() => onShow(index)}
                className="flex min-h-7 w-full items-center gap-2 pr-2 pl-3 text-left outline-offset-[-2px] hover:bg-hover pointer-coarse:min-h-10"
              >
                <Letter kind={file.kind} />
                <span className="min-w-0 flex-1">
                  <Path path={file.path} from={file.oldPath} />
                </span>
                <Stat added={file.added} removed={file.removed} binary={file.binary} />
              </button>
            </li>
          ))}
          {files.length > PAGE && (
            <li className="px-3 py-1 text-small text-muted">and {files.length - PAGE} more below</li>
          )}
        </ul>
      )}
    </nav>
  );
}

function Letter({ kind }: { kind: FileChange["kind"] }) {
  const [letter, word, colour] = LETTER[kind];
  return (
    <span className={cx("w-3 shrink-0 text-center font-mono text-small font-semibold", colour)}>
      <span aria-hidden>{letter}</span>
      <span className="sr-only">{word}: </span>
    </span>
  );
}

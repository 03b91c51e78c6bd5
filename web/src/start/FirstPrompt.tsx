/** The first prompt, with files pasted or dropped into it. */
import { MAX_ATTACHMENT_BYTES } from "@agent-coordinator/client";
import { Paperclip, X } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { Button, bytes, cx, Field, IconButton, Plain, Textarea } from "~/ui/index.ts";

export interface FirstPromptProps {
  text: string;
  files: File[];
  error: string | null;
  onText: (text: string) => void;
  onFiles: (files: File[]) => void;
  onSubmit: () => void;
}

export function FirstPrompt({ text, files, error, onText, onFiles, onSubmit }: FirstPromptProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const tooMuch =
    total > MAX_ATTACHMENT_BYTES
      ? `${bytes(total)} are too much: ${bytes(MAX_ATTACHMENT_BYTES)} at most.`
      : null;
  const add = (more: Iterable<File>) => onFiles([...files, ...more]);
  const paste = (event: ClipboardEvent) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSubmit();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button below is the first
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className="flex flex-col gap-2"
    >
      <Field label="What is to be done?" optional error={tooMuch ?? error}>
        {(tie) => (
          <Textarea
            {...tie}
            autoFocus
            rows={5}
            value={text}
            onChange={(e) => onText(e.target.value)}
            onPaste={paste}
            onKeyDown={keys}
            placeholder="Describe the task. Paste or drop pictures and files."
            className={cx("min-h-28 text-read", over && "border-accent bg-accent-soft")}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-1.5">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(e) => {
            add(e.target.files ?? []);
            e.target.value = "";
          }}
        />
        <Button size="small" variant="ghost" onClick={() => picker.current?.click()}>
          <Paperclip aria-hidden className="size-3.5" />
          Attach files
        </Button>
        {files.map((file, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may be the same in everything else
            key={`${file.name} ${file.size} ${at}`}
            className="inline-flex max-w-60 items-center gap-1 rounded-control border border-line bg-surface pl-2 text-small"
          >
            <Plain text={file.name} truncate className="min-w-0" />
            <span className="text-muted">{bytes(file.size)}</span>
            <IconButton
              size="small"
              label={`Remove ${file.name}`}
              icon={<X aria-hidden />}
              onClick={() => onFiles(files.filter((_, other) => other !== at))}
            />
          </span>
        ))}
      </div>
    </div>
  );
}

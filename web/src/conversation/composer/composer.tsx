/**
 * Where one writes: Enter sends, Shift-Enter breaks the line, files come by paste, drop or button. What was written
 * is never lost: it is kept for the session until the server has taken it.
 */
import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useShortcut } from "~/shell/shortcuts.ts";
import { Combobox, IconButton, Kbd } from "~/ui/index.ts";
import { useDesk } from "../desk.ts";
import { useModelList, useMyId, useSource, useView } from "../source.ts";
import { Banner, Closed } from "./banner.tsx";
import { FileChips } from "./chips.tsx";
import { loadDraft, saveDraft } from "./draft.ts";
import { addFiles, type Picked } from "./files.ts";
import { modelOptions, unusable } from "./models.ts";
import { Queue } from "./queue.tsx";
import { useStop } from "./stop.ts";

export interface ComposerHandle {
  add: (files: Iterable<File>) => void;
}

export function Composer({ onReady }: { onReady: (handle: ComposerHandle) => void }) {
  const archived = useView(({ view }) => view.status === "archived");
  return (
    <div className="mx-auto w-full max-w-[46rem] shrink-0 px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] max-md:px-3">
      <Queue />
      {archived ? <Closed /> : <Open onReady={onReady} />}
    </div>
  );
}

function Open({ onReady }: { onReady: (handle: ComposerHandle) => void }) {
  const { sessionId, actions } = useSource();
  const desk = useDesk();
  const models = useModelList();
  const sessionModel = useView(({ view }) => view.model);
  const [model, setModel] = useState<string | null>(null);
  const [text, setText] = useState(() => loadDraft(sessionId));
  const [files, setFiles] = useState<Picked[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const modelPlace = useRef<HTMLDivElement>(null);
  const stop = useStop();
  const chosen = model ?? sessionModel;
  const noModel = unusable(models, chosen);
  const sendable = text.trim() !== "" && !sending;

  useLayoutEffect(() => grow(field.current, text), [text]);
  useEffect(() => saveDraft(sessionId, text), [sessionId, text]);

  const add = (more: Iterable<File>): void => {
    const added = addFiles(files, more);
    setFiles(added.files);
    setProblem(added.problem);
    field.current?.focus();
  };
  useEffect(() => onReady({ add }));

  useEffect(
    () =>
      desk.listen((wish) => {
        if (wish.kind === "edit") setText(wish.text);
        if (wish.kind === "pick model") modelPlace.current?.querySelector("button")?.click();
        else field.current?.focus();
      }),
    [desk],
  );
  useShortcut("/", "Write a prompt", () => field.current?.focus(), { group: "Conversation" });

  const send = async (): Promise<void> => {
    if (!sendable) return;
    setSending(true);
    setProblem(null);
    const accepted = await actions.send(text, {
      ...(files.length > 0 ? { attachments: files.map(({ file }) => file) } : {}),
      ...(model !== null && model !== sessionModel ? { model } : {}),
    });
    setSending(false);
    if (accepted === null) return field.current?.focus();
    setText("");
    setFiles([]);
    desk.follow();
    setNote(accepted.position > 0 || stop.running ? `Queued, position ${accepted.position + 1}` : null);
    field.current?.focus();
  };

  useEffect(() => {
    if (note === null) return;
    const timer = setTimeout(() => setNote(null), 4000);
    return () => clearTimeout(timer);
  }, [note]);

  const lastOwn = useLastOwn();
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes, Enter and the arrows are its own.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "ArrowUp" && text === "" && lastOwn() !== null) {
      event.preventDefault();
      setText(lastOwn() ?? "");
    }
  };

  return (
    <>
      <Banner noModel={noModel} />
      <div className="rounded-control border border-line-strong bg-raised has-[textarea:focus-visible]:border-accent has-[textarea:focus-visible]:outline has-[textarea:focus-visible]:outline-accent">
        <FileChips files={files} onRemove={(id) => setFiles(files.filter((one) => one.id !== id))} />
        <textarea
          ref={field}
          aria-label="Message"
          rows={1}
          dir="auto"
          value={text}
          readOnly={sending}
          placeholder={stop.running ? "Write what should come next" : "What should be done?"}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            add(event.clipboardData.files);
          }}
          className="block max-h-[40dvh] min-h-11 w-full resize-none overflow-y-auto bg-transparent px-3.5 pt-3 pb-1 text-read leading-[1.5] outline-none placeholder:text-muted max-md:text-[16px]"
        />
        <div className="flex min-w-0 items-center gap-1 px-1.5 pb-1.5">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <IconButton
            label="Attach files"
            icon={<Paperclip aria-hidden />}
            onClick={() => picker.current?.click()}
          />
          <div ref={modelPlace} className="min-w-0">
            <Combobox
              label="Model"
              size="small"
              variant="ghost"
              value={chosen}
              onChange={setModel}
              options={modelOptions(models, chosen)}
            />
          </div>
          <span role="status" className="ms-auto min-w-0 truncate px-1 text-small text-muted">
            {stop.armed ? (
              <>
                <Kbd keys="Esc" /> again to stop
              </>
            ) : (
              note
            )}
          </span>
          {stop.running && (
            <IconButton
              label="Stop"
              keys="Esc Esc"
              icon={<Square aria-hidden className="size-3! fill-current" />}
              disabled={stop.stopping}
              onClick={stop.stop}
              className="border border-line-strong"
            />
          )}
          <IconButton
            label="Send"
            keys="Enter"
            icon={<ArrowUp aria-hidden />}
            disabled={!sendable}
            aria-busy={sending || undefined}
            onClick={() => void send()}
            className="enabled:bg-accent! enabled:text-accent-text! enabled:hover:brightness-110 disabled:bg-hover disabled:opacity-100"
          />
        </div>
      </div>
      {problem !== null && (
        <p role="alert" className="px-1 pt-1.5 text-base text-bad">
          {problem}
        </p>
      )}
    </>
  );
}

/** The text of the newest own prompt. */
function useLastOwn(): () => string | null {
  const me = useMyId();
  const last = useView(({ view }) => view.turns.findLast((turn) => turn.author.user_id === me)?.text ?? null);
  return () => last;
}

function grow(field: HTMLTextAreaElement | null, _text: string): void {
  if (field === null) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

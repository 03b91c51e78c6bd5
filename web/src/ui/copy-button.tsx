/** Copies a text and says so for a moment. `text` may be made only when it is wanted. */
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

export interface CopyButtonProps {
  text: string | (() => string | Promise<string>);
  /** The accessible name: "Copy code". */
  label?: string;
  /** Writes the label out. */
  words?: boolean;
  className?: string;
}

export function CopyButton({ text, label = "Copy", words, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    if (!(await writeClipboard(typeof text === "string" ? text : await text()))) return;
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 1500);
  };
  const icon = copied ? (
    <Check aria-hidden className="size-3.5 text-ok" />
  ) : (
    <Copy aria-hidden className="size-3.5" />
  );
  const said = (
    <span aria-live="polite" className="sr-only">
      {copied ? "Copied" : ""}
    </span>
  );
  return words ? (
    <>
      <Button size="small" onClick={copy} className={className}>
        {icon}
        {label}
      </Button>
      {said}
    </>
  ) : (
    <>
      <IconButton size="small" label={label} icon={icon} onClick={copy} className={className} />
      {said}
    </>
  );
}

/** Over plain http from another machine a page has no clipboard; then a selected field and the old command do it. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed: the old way.
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("aria-hidden", "true");
  field.className = "fixed opacity-0";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

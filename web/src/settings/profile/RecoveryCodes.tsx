/** The recovery codes, this one time. Leaving them takes a word that they are kept. */
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { download } from "~/panel/download.ts";
import { Button, CopyButton } from "~/ui/index.ts";
import { recoveryFile } from "./recovery.ts";

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-4">
      <div>
        <h3 ref={head} tabIndex={-1} className="font-semibold outline-none">
          It is on. Keep these recovery codes
        </h3>
        <p className="mt-0.5 text-pretty text-muted">
          Each signs you in once when the authenticator is out of reach. They are not shown again: put them
          where you keep passwords, or print them.
        </p>
      </div>
      <ul
        aria-label="Recovery codes"
        className="grid gap-x-6 gap-y-1 sm:grid-cols-2 rounded-control border border-line bg-surface px-3.5 py-3"
      >
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton words label="Copy all" text={codes.join("\n")} />
        <Button
          size="small"
          onClick={() => download("recovery-codes.txt", recoveryFile(codes, location.origin))}
        >
          <Download aria-hidden className="size-3.5" />
          Download
        </Button>
      </div>
      <label className="flex items-start gap-2 pointer-coarse:min-h-10">
        <input
          type="checkbox"
          className="mt-1 accent-(--accent)"
          checked={kept}
          onChange={(event) => setKept(event.target.checked)}
        />
        I have put them somewhere safe
      </label>
      <Button variant="primary" disabled={!kept} onClick={onDone} className="self-start">
        Done
      </Button>
    </div>
  );
}

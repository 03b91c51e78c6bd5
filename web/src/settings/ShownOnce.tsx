/** Something secret that the server shows this one time: to be copied now. */
import type { ReactNode } from "react";
import { Button, CopyButton, Dialog } from "~/ui/index.ts";

export interface ShownOnceProps {
  title: string;
  about: string;
  /** Null when an answer was repeated: then it is lost. */
  secret: string | null | undefined;
  /** The accessible name of the button: "Copy key". */
  copy: string;
  onClose: () => void;
  /** Below: what to do with it. */
  children?: ReactNode;
}

export function ShownOnce({ title, about, secret, copy, onClose, children }: ShownOnceProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={about}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {secret ? (
        <div className="flex items-center gap-2 rounded-control border border-line bg-surface px-3 py-2">
          <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{secret}</code>
          <CopyButton text={secret} label={copy} />
        </div>
      ) : (
        <p className="text-bad">The connection broke off and it can't be shown again: make another one.</p>
      )}
      {children && <div className="mt-3 flex flex-col gap-2">{children}</div>}
    </Dialog>
  );
}

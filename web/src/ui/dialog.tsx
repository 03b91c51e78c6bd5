/** A question that has to be answered first, and a sheet that comes in from a side. Focus stays in, Esc leaves. */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { IconButton } from "./icon-button.tsx";

const VEIL = "fixed inset-0 z-40 bg-veil";

/** To the first field, else to the buttons below, else to the dialog itself: never to "Close" with its tooltip. */
function focusFirst(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget as HTMLElement;
  const first = dialog.querySelector<HTMLElement>("input, textarea, select, footer button");
  (first ?? dialog).focus();
}

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What this is about, in a sentence. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  wide?: boolean;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, wide }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={VEIL} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirst}
          className={cx(
            "outline-none fixed top-[12vh] inset-x-0 mx-auto z-40 flex max-h-[76vh] w-[calc(100vw-2rem)] flex-col rounded-lg border border-line-strong bg-raised",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <header className="flex items-start gap-3 px-4 pt-3.5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-read font-semibold break-words">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" size="small" icon={<X aria-hidden />} className="-mr-1" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 px-4 pb-4">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  /** What the button does: "Delete session". */
  action: string;
  busy?: boolean;
  onConfirm: () => void;
  children?: ReactNode;
}

/** Asks before something that can't be taken back. */
export function Confirm({ action, busy, onConfirm, ...rest }: ConfirmProps) {
  return (
    <Dialog
      {...rest}
      footer={
        <>
          <Button onClick={() => rest.onOpenChange(false)}>Cancel</Button>
          <Button variant="danger" busy={busy ?? false} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    />
  );
}

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  side: "left" | "right" | "bottom";
  /** Spoken; not shown. */
  title: string;
  children: ReactNode;
}

const SIDE = {
  left: "inset-y-0 left-0 w-[min(20rem,88vw)] border-r",
  right: "inset-y-0 right-0 w-[min(40rem,100vw)] border-l",
  bottom: "inset-x-0 bottom-0 max-h-[85vh] rounded-t-lg border-t",
};

export function Sheet({ open, onOpenChange, side, title, children }: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={VEIL} />
        <Radix.Content
          aria-describedby={undefined}
          className={cx("fixed z-40 flex flex-col border-line bg-bg outline-none", SIDE[side])}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

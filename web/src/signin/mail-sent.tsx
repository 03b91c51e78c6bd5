/** A message may be on its way. The same words whether the address is known or not. */
import { MailCheck } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Failure, useAttempt } from "../account/attempt.tsx";
import { Button, Plain } from "../ui/index.ts";

export interface MailSentProps {
  email: string;
  /** What is in the message, and how long it works. */
  children: ReactNode;
  /** Asks for another one. */
  again: () => Promise<void>;
  /** Back to the form, for another address. */
  onBack: () => void;
}

export function MailSent({ email, children, again, onBack }: MailSentProps) {
  const attempt = useAttempt();
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <>
      <div
        ref={head}
        tabIndex={-1}
        role="status"
        className="flex gap-3 rounded-control border border-line bg-surface px-3.5 py-3 outline-none"
      >
        <MailCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
        <div className="flex min-w-0 flex-col gap-1.5">
          <Plain text={email} className="font-semibold" />
          <div className="text-pretty">{children}</div>
        </div>
      </div>
      <p className="text-small text-muted">
        Nothing there after some minutes? Look among the spam, and check that the address is right.
      </p>
      <Failure attempt={attempt} />
      <div className="flex flex-wrap gap-2">
        <Button busy={attempt.busy} onClick={() => void attempt.run(again)}>
          Send it again
        </Button>
        <Button variant="ghost" onClick={onBack}>
          Use another address
        </Button>
      </div>
    </>
  );
}

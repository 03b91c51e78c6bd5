/** The second factor: an authenticator that is asked for a code when somebody signs in with the password. */
import type { TotpStarted } from "@agent-coordinator/client";
import { useEffect, useRef, useState } from "react";
import { Failure, useAttempt } from "~/account/attempt.tsx";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Badge, Button } from "~/ui/index.ts";
import { Block } from "./Block.tsx";
import { Enrol } from "./Enrol.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { RemoveSecondFactor } from "./RemoveSecondFactor.tsx";

type Step = { kind: "enrol"; started: TotpStarted } | { kind: "codes"; codes: string[] };

export function SecondFactor({ on, hasPassword }: { on: boolean; hasPassword: boolean }) {
  const attempt = useAttempt();
  const [step, setStep] = useState<Step | null>(null);
  const [removing, setRemoving] = useState(false);
  const action = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  // The step that had the focus is gone: back to where it began.
  useEffect(() => {
    if (step !== null) left.current = true;
    else if (left.current) {
      left.current = false;
      action.current?.focus();
    }
  }, [step]);

  const start = () =>
    attempt.run(async () => {
      try {
        setStep({ kind: "enrol", started: await coordinator.auth.startTotp() });
      } finally {
        // Another browser may have set it up.
        refresh(keys.me);
      }
    });

  return (
    <Block
      title="Second factor"
      state={on && step === null && <Badge tone="ok">on</Badge>}
      about={
        on && step === null
          ? "Signing in with the password takes a code of your authenticator, or one of your recovery codes."
          : "With an authenticator on your phone, nobody signs in with your password alone."
      }
      action={
        step === null &&
        (on ? (
          <Button ref={action} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        ) : (
          <Button ref={action} busy={attempt.busy} onClick={() => void start()}>
            Set up an authenticator
          </Button>
        ))
      }
    >
      <Failure attempt={attempt} words={{ conflict: "It was set up already, in another browser." }} />
      {step?.kind === "enrol" && (
        <Enrol
          started={step.started}
          onCancel={() => setStep(null)}
          onConfirmed={(codes) => {
            setStep({ kind: "codes", codes });
            refresh(keys.me);
          }}
        />
      )}
      {step?.kind === "codes" && <RecoveryCodes codes={step.codes} onDone={() => setStep(null)} />}
      {removing && <RemoveSecondFactor hasPassword={hasPassword} onClose={() => setRemoving(false)} />}
    </Block>
  );
}

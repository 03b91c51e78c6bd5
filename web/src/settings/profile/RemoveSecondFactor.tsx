/** Takes the second factor away: a browser that was left open is not enough for that. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, refusal, useAttempt } from "~/account/attempt.tsx";
import { PasswordField } from "~/account/password-field.tsx";
import { coordinator, keys, refresh } from "~/data/index.ts";
import { Button, Dialog, Field, Input } from "~/ui/index.ts";

export function RemoveSecondFactor({ hasPassword, onClose }: { hasPassword: boolean; onClose: () => void }) {
  const attempt = useAttempt();
  const [byCode, setByCode] = useState(!hasPassword);
  const [proof, setProof] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is another one after a change of kind
  useEffect(() => field.current?.focus(), [byCode]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!proof) return field.current?.focus();
    void attempt.run(async () => {
      await coordinator.auth.removeTotp(byCode ? { code: proof.trim() } : { password: proof });
      refresh(keys.me);
      onClose();
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Remove the second factor?"
      description="From then on your password alone signs you in, and the recovery codes work no more."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {byCode ? (
          <Field label="Code" hint="Of the authenticator, or a recovery code.">
            {(tie) => (
              <Input
                {...tie}
                ref={field}
                name="one-time-code"
                autoComplete="one-time-code"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={64}
                value={proof}
                onChange={(event) => setProof(event.target.value)}
                className="font-mono tracking-[0.12em]"
              />
            )}
          </Field>
        ) : (
          <PasswordField
            ref={field}
            label="Your password"
            value={proof}
            onChange={setProof}
            error={refusal(attempt.error, "password") && "This is not your password."}
          />
        )}
        <Failure
          attempt={attempt}
          fields={["password"]}
          words={{ second_factor_failed: "This code is wrong, was used before, or came too late." }}
        />
        <div className="flex flex-wrap justify-end gap-2 pb-1">
          {hasPassword && (
            <Button
              variant="ghost"
              className="mr-auto -ml-3"
              onClick={() => {
                setByCode(!byCode);
                setProof("");
              }}
            >
              {byCode ? "Use the password" : "Use a code"}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" busy={attempt.busy}>
            Remove
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

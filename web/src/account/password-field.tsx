/** A password, hidden until its owner wants to read it. A new one is judged while it is typed. */
import { Check, Eye, EyeOff } from "lucide-react";
import { type ReactNode, type Ref, useState } from "react";
import { cx, Field, IconButton, Input } from "~/ui/index.ts";
import { type Known, lengthOf, SHORTEST_PASSWORD, weakness, weaknessWords } from "./password-rule.ts";

export interface PasswordFieldProps {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete?: "current-password" | "new-password";
  hint?: ReactNode;
  error?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function PasswordField({
  label = "Password",
  value,
  onChange,
  autoComplete = "current-password",
  hint,
  error,
  ref,
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(tie) => (
        <span className="relative block">
          <Input
            {...tie}
            ref={ref}
            name={autoComplete}
            type={shown ? "text" : "password"}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className="pr-9 pointer-coarse:pr-11"
          />
          <IconButton
            size="small"
            label="Show what is typed"
            aria-pressed={shown}
            icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            onClick={() => setShown(!shown)}
            className="absolute top-1 right-1 pointer-coarse:top-0 pointer-coarse:right-0"
          />
        </span>
      )}
    </Field>
  );
}

export interface NewPasswordProps extends Omit<PasswordFieldProps, "autoComplete" | "hint"> {
  knows?: Known;
  /** Somebody tried to send it: what is wrong is an error from now on. */
  tried: boolean;
}

export function NewPassword({ knows, tried, error, label = "New password", ...rest }: NewPasswordProps) {
  const weak = rest.value === "" ? "short" : weakness(rest.value, knows);
  const wrong = error ?? (tried && weak ? weaknessWords(weak) : null);
  return (
    <PasswordField
      {...rest}
      label={label}
      autoComplete="new-password"
      error={wrong}
      hint={<Strength value={rest.value} knows={knows} quiet={Boolean(wrong)} />}
    />
  );
}

interface StrengthProps {
  value: string;
  knows?: Known | undefined;
  /** The words stand in an error already. */
  quiet: boolean;
}

/** How far it is, drawn and in words. */
function Strength({ value, knows, quiet }: StrengthProps) {
  const length = lengthOf(value);
  const weak = weakness(value, knows);
  const share = Math.min(1, length / SHORTEST_PASSWORD);
  const known = weak !== null && weak !== "short";
  return (
    <>
      <span aria-hidden className="block h-1 overflow-hidden rounded-full bg-hover">
        <span
          className={cx(
            "block h-full rounded-full transition-[width] duration-100",
            known ? "bg-warn" : weak === null ? "bg-ok" : "bg-muted",
          )}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      {quiet ? null : weak === null ? (
        <span className="mt-1.5 flex items-center gap-1 text-ok">
          <Check aria-hidden className="size-3.5 shrink-0" /> Long enough. A few words are best.
        </span>
      ) : known ? (
        <span className="mt-1.5 block text-warn">{weaknessWords(weak)}</span>
      ) : (
        <span className="mt-1.5 block">
          At least {SHORTEST_PASSWORD} characters{length > 0 && ` (${length} so far)`}; a few words are best.
        </span>
      )}
    </>
  );
}

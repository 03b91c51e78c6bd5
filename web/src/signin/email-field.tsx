/** An e-mail address, as password managers and phones know them. */
import type { Ref } from "react";
import { Field, Input } from "../ui/index.ts";

export interface EmailFieldProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}

export function EmailField({ value, onChange, error, ref }: EmailFieldProps) {
  return (
    <Field label="E-mail address" error={error}>
      {(tie) => (
        <Input
          {...tie}
          ref={ref}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** As far as one can tell here; the server has the last word. */
export function looksLikeAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}

export const NO_ADDRESS = "This is no e-mail address, such as ana@example.org.";

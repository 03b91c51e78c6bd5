/** Amounts: rounded to read, exact on hover. */
import { count, exactMoney, money } from "./format.ts";

export function Money({ microUsd, className }: { microUsd: number | null | undefined; className?: string }) {
  const unknown = microUsd === null || microUsd === undefined;
  return (
    <span
      className={className}
      title={unknown ? "Unknown: the model has no known price" : exactMoney(microUsd)}
    >
      {money(microUsd)}
    </span>
  );
}

/** A number of tokens. */
export function Tokens({ value, className }: { value: number; className?: string }) {
  return (
    <span className={className} title={`${value.toLocaleString("en-US")} tokens`}>
      {count(value)}
    </span>
  );
}

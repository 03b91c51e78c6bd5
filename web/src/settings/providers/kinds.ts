/** The kinds of accounts that can be added, and what each needs to be told. */
import type { ModelProviderCreate } from "@agent-coordinator/client";

export interface Kind {
  id: string;
  label: string;
  hint: string;
  api: ModelProviderCreate["api"];
  /** The provider's name where it is fixed. */
  provider: string | null;
  needsAddress: boolean;
  addressExample: string;
}

export const KINDS: readonly Kind[] = [
  {
    id: "anthropic",
    label: "Anthropic",
    hint: "api.anthropic.com",
    api: "anthropic",
    provider: "anthropic",
    needsAddress: false,
    addressExample: "https://api.anthropic.com",
  },
  {
    id: "openai",
    label: "OpenAI",
    hint: "api.openai.com",
    api: "openai-chat",
    provider: "openai",
    needsAddress: false,
    addressExample: "https://api.openai.com/v1",
  },
  {
    id: "openai-compatible",
    label: "OpenAI-compatible",
    hint: "A gateway or a server of your own; the address ends in /v1",
    api: "openai-chat",
    provider: null,
    needsAddress: true,
    addressExample: "https://models.example.org/v1",
  },
  {
    id: "anthropic-compatible",
    label: "Anthropic-compatible",
    hint: "A gateway that speaks the Messages API",
    api: "anthropic",
    provider: null,
    needsAddress: true,
    addressExample: "https://models.example.org",
  },
];

/** A model as the form holds it: prices in dollars for a million tokens, as the providers print them. */
export interface ModelRow {
  key: number;
  id: string;
  input: string;
  output: string;
}

const MICRO = 1_000_000;
const PRICE = /^\d{1,6}(\.\d{1,6})?$/;

/** What is wrong with a row, or null. */
export function rowError(row: ModelRow): string | null {
  if (!row.id.trim()) return row.input || row.output ? "Give the model's name." : null;
  if (Boolean(row.input) !== Boolean(row.output)) return "Give both prices, or none.";
  if ([row.input, row.output].some((price) => price && !PRICE.test(price.trim()))) {
    return "A price is a number of dollars, for example 3 or 0.25.";
  }
  return null;
}

/** As the server takes it. */
export function offers(rows: readonly ModelRow[]): NonNullable<ModelProviderCreate["models"]> {
  return rows
    .filter((row) => row.id.trim())
    .map((row) => ({
      id: row.id.trim(),
      ...(row.input && row.output
        ? { price: { input: toMicro(row.input), output: toMicro(row.output) } }
        : {}),
    }));
}

function toMicro(dollars: string): number {
  return Math.round(Number(dollars.trim()) * MICRO);
}

/** As a person reads it. */
export function dollars(micro: number): string {
  return String(micro / MICRO);
}

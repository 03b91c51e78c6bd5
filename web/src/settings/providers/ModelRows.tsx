/** Which models of a provider may be used, and what they cost. None listed: any. */
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton, Input } from "~/ui/index.ts";
import type { ModelRow } from "./kinds.ts";

export interface ModelRowsProps {
  rows: ModelRow[];
  onChange: (rows: ModelRow[]) => void;
  error: string | null;
  /** Names that the provider listed in a test. */
  known: readonly string[];
}

export function ModelRows({ rows, onChange, error, known }: ModelRowsProps) {
  const id = useId();
  const set = (key: number, change: Partial<ModelRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const add = () =>
    onChange([
      ...rows,
      { key: Math.max(0, ...rows.map(({ key }) => key)) + 1, id: "", input: "", output: "" },
    ]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">
        Models <span className="font-normal text-muted">(optional)</span>
      </legend>
      <p className="text-small text-muted">
        Without a list, any model of the provider can be used. With prices, in dollars for a million tokens,
        every turn shows its cost.
      </p>
      {rows.map((row, at) => (
        <div key={row.key} className="flex items-center gap-1.5">
          <Input
            aria-label={`Model ${at + 1}`}
            list={`${id}-known`}
            value={row.id}
            placeholder="model"
            spellCheck={false}
            onChange={(e) => set(row.key, { id: e.target.value })}
          />
          <Input
            aria-label={`Input price of model ${at + 1}`}
            className="max-w-20 text-right"
            inputMode="decimal"
            placeholder="in $"
            value={row.input}
            onChange={(e) => set(row.key, { input: e.target.value })}
          />
          <Input
            aria-label={`Output price of model ${at + 1}`}
            className="max-w-20 text-right"
            inputMode="decimal"
            placeholder="out $"
            value={row.output}
            onChange={(e) => set(row.key, { output: e.target.value })}
          />
          <IconButton
            label={`Remove model ${at + 1}`}
            icon={<X aria-hidden />}
            onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <datalist id={`${id}-known`}>
        {known.slice(0, 500).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {error && (
        <p role="alert" className="text-small text-bad">
          {error}
        </p>
      )}
      <div>
        <Button size="small" onClick={add}>
          <Plus aria-hidden className="size-3.5" />
          Add a model
        </Button>
      </div>
    </fieldset>
  );
}

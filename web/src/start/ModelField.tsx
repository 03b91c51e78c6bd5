/** The model: one of the list, or a name for a provider that takes any. */
import { useState } from "react";
import { Combobox, Field, Input } from "~/ui/index.ts";
import type { Choices } from "./models.tsx";

const OTHER = "\u0000other";

export interface ModelFieldProps {
  value: string;
  choices: Choices;
  error: string | null;
  onChange: (model: string) => void;
}

export function ModelField({ value, choices, error, onChange }: ModelFieldProps) {
  const listed = choices.options.some((option) => option.value === value);
  const [typing, setTyping] = useState(false);
  const free = choices.open.length > 0 && (typing || (value !== "" && !listed));
  const options = choices.open.length
    ? [
        ...choices.options,
        {
          value: OTHER,
          label: "Another model, by name",
          group: "More",
          hint: `of ${choices.open.join(", ")}`,
        },
      ]
    : choices.options;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label="Model" error={error}>
        {(tie) => (
          <Combobox
            id={tie.id}
            label="Model"
            value={free ? OTHER : listed ? value : null}
            options={options}
            placeholder="Choose a model"
            searchPlaceholder="Search models"
            className="w-full"
            onChange={(model) => {
              setTyping(model === OTHER);
              onChange(model === OTHER ? `${choices.open[0]}/` : model);
            }}
          />
        )}
      </Field>
      {free && (
        <Input
          aria-label="Model name"
          value={value}
          spellCheck={false}
          placeholder={`${choices.open[0]}/model`}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </div>
  );
}

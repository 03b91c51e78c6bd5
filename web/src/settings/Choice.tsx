/** One of two or three, each with a sentence about it. */
import { useId } from "react";
import { cx } from "~/ui/index.ts";

export interface ChoiceProps<Value extends string> {
  legend: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; about: string }[];
  /** Beside each other where there is room. */
  beside?: boolean;
}

export function Choice<Value extends string>({
  legend,
  value,
  onChange,
  options,
  beside,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className={cx("grid gap-2", beside && "sm:auto-cols-fr sm:grid-flow-col")}>
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "flex cursor-pointer items-start gap-2.5 rounded-control border px-3 py-2 hover:bg-hover",
              value === option.value ? "border-accent" : "border-line-strong",
            )}
          >
            <input
              type="radio"
              name={name}
              className="mt-1 accent-(--accent)"
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            <span>
              <span className="block font-medium">{option.label}</span>
              <span className="block text-small text-muted">{option.about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

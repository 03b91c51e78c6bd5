/** Whether tools ask before they act. The sandbox is the boundary either way. */
import { cx } from "~/ui/index.ts";

const MODES = [
  {
    value: "allow",
    label: "Work without asking",
    about: "Commands and edits run at once, inside the sandbox.",
  },
  { value: "ask", label: "Ask first", about: "Each command and edit waits for a yes from you." },
] as const;

export interface PermissionsProps {
  value: "allow" | "ask";
  onChange: (value: "allow" | "ask") => void;
}

export function Permissions({ value, onChange }: PermissionsProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">Permissions</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {MODES.map((mode) => (
          <label
            key={mode.value}
            className={cx(
              "flex cursor-pointer items-start gap-2.5 rounded-control border px-3 py-2 hover:bg-hover",
              value === mode.value ? "border-accent" : "border-line-strong",
            )}
          >
            <input
              type="radio"
              name="permissions"
              className="mt-1 accent-(--accent)"
              checked={value === mode.value}
              onChange={() => onChange(mode.value)}
            />
            <span>
              <span className="block font-medium">{mode.label}</span>
              <span className="block text-small text-muted">{mode.about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What a key is limited to. */
import { SCOPES, type Scope } from "./state.ts";

export interface ScopesProps {
  value: readonly Scope[];
  onChange: (value: Scope[]) => void;
  /** Those that can be had. */
  offered: readonly Scope[];
  /** What it means that none is chosen. */
  hint: string;
}

export function Scopes({ value, onChange, offered, hint }: ScopesProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">Scopes</legend>
      <p className="text-small text-muted">{hint}</p>
      {SCOPES.filter(({ id }) => offered.includes(id)).map(({ id, about }) => (
        <label key={id} className="flex items-start gap-2 pointer-coarse:min-h-10">
          <input
            type="checkbox"
            className="mt-1 accent-(--accent)"
            checked={value.includes(id)}
            onChange={(e) => onChange(e.target.checked ? [...value, id] : value.filter((s) => s !== id))}
          />
          <span>
            <code>{id}</code> <span className="text-muted">{about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

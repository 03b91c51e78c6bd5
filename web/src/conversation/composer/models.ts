/** The models a prompt can be sent with: usable ones first, the others with why they cannot be used. */
import type { ModelList } from "@agent-coordinator/client";
import type { ComboboxOption } from "~/ui/index.ts";

/** `current` is always among them, be it named by a provider or not. */
export function modelOptions(list: ModelList | undefined, current: string): ComboboxOption[] {
  const items = list?.items ?? [];
  const options = items.map((model) => ({
    value: model.id,
    label: model.demo ? "Demo model" : (model.label ?? model.id),
    group: model.demo ? "Demo" : model.available ? model.provider : "Not usable now",
    hint: model.demo ? "Answers from a script, needs no key" : model.label ? model.id : undefined,
    disabledReason: model.available ? null : (model.reason ?? "Not usable now"),
    rank: model.available ? (model.demo ? 1 : 0) : 2,
  }));
  if (current !== "" && !items.some((model) => model.id === current)) {
    options.push({
      value: current,
      label: current,
      group: current.split("/")[0] ?? current,
      hint: undefined,
      disabledReason: unusable(list, current),
      rank: 0,
    });
  }
  options.sort((a, b) => a.rank - b.rank || a.group.localeCompare(b.group) || a.label.localeCompare(b.label));
  return options.map(({ rank: _, ...option }) => option);
}

/** Why a model cannot be used now; null when it can, or when nothing is known. */
export function unusable(list: ModelList | undefined, id: string): string | null {
  if (list === undefined || id === "") return null;
  const model = list.items.find((one) => one.id === id);
  if (model !== undefined) return model.available ? null : (model.reason ?? "It cannot be used now.");
  const provider = id.split("/")[0];
  const state = list.providers.find((one) => one.provider === provider);
  if (state === undefined) return `There is no provider “${provider}” with a key.`;
  return state.available ? null : (state.reason ?? "Its provider cannot be used now.");
}

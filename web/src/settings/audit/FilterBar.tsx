/** Which records: by whom, about what, how it ended, when. */
import type { AuditOutcome } from "@agent-coordinator/client";
import { useApiKeys, useMembers, useServiceAccounts, useStanding } from "~/data/organisation.ts";
import { Button, Combobox, type ComboboxOption, Field, Input, plain, Select } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { type Filter, NO_FILTER, type Span } from "./filter.ts";
import { SUBJECTS } from "./words.ts";

/** Of a list that takes no empty value. */
const ANY = "any";

const OUTCOMES: { value: AuditOutcome | typeof ANY; label: string; hint?: string }[] = [
  { value: ANY, label: "Any" },
  { value: "allowed", label: "Allowed", hint: "Asked for and permitted" },
  { value: "denied", label: "Denied", hint: "Refused by policy, or a wrong password" },
  { value: "failed", label: "Failed", hint: "Permitted, and went wrong" },
];

const SPANS: { value: Span; label: string }[] = [
  { value: "any", label: "Any time" },
  { value: "hour", label: "The last hour" },
  { value: "day", label: "The last 24 hours" },
  { value: "week", label: "The last 7 days" },
  { value: "month", label: "The last 30 days" },
  { value: "between", label: "From … until …" },
];

export interface FilterBarProps {
  filter: Filter;
  onChange: (next: Partial<Filter>) => void;
  onClear: () => void;
}

export function FilterBar({ filter, onChange, onClear }: FilterBarProps) {
  const known = SUBJECTS.some(({ value }) => value === filter.action) || !filter.action;
  const actors = useActors(filter.actor);
  const set = (Object.keys(NO_FILTER) as (keyof Filter)[]).some((name) => filter[name] !== NO_FILTER[name]);
  return (
    <form
      aria-label="Filter"
      onSubmit={(event) => event.preventDefault()}
      className="grid grid-cols-2 gap-3 md:grid-cols-4"
    >
      <Field label="By">
        {(tie) => (
          <Combobox
            id={tie.id}
            label="By"
            className="w-full"
            value={filter.actor || ANY}
            onChange={(actor) => onChange({ actor: actor === ANY ? "" : actor })}
            options={actors}
          />
        )}
      </Field>
      <Field label="What">
        {(tie) => (
          <Select
            {...tie}
            value={filter.action || ANY}
            onChange={(action) => onChange({ action: action === ANY ? "" : action })}
            options={[
              { value: ANY, label: "Everything" },
              ...(known ? [] : [{ value: filter.action, label: plain(filter.action, 60) }]),
              ...SUBJECTS,
            ]}
          />
        )}
      </Field>
      <Field label="Outcome">
        {(tie) => (
          <Select
            {...tie}
            value={filter.outcome || ANY}
            onChange={(outcome) => onChange({ outcome: outcome === ANY ? "" : outcome })}
            options={OUTCOMES}
          />
        )}
      </Field>
      <Field label="When">
        {(tie) => (
          <Select {...tie} value={filter.span} onChange={(span) => onChange({ span })} options={SPANS} />
        )}
      </Field>
      {filter.span === "between" && (
        <>
          <TimeField label="From" value={filter.since} onChange={(since) => onChange({ since })} />
          <TimeField label="Until" value={filter.until} onChange={(until) => onChange({ until })} />
        </>
      )}
      <Field label="Resource" className="col-span-2">
        {(tie) => (
          <Input
            {...tie}
            spellCheck={false}
            placeholder="Its id, for example key_…"
            value={filter.target}
            onChange={(event) => onChange({ target: event.target.value })}
          />
        )}
      </Field>
      {set && (
        <div className="col-span-2 flex items-end">
          <Button variant="ghost" onClick={onClear}>
            Clear the filter
          </Button>
        </div>
      )}
    </form>
  );
}

interface TimeFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <Field label={label} className="col-span-2">
      {(tie) => (
        <Input
          {...tie}
          type="datetime-local"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** Everybody who can be an actor here, and whoever is asked for already. */
function useActors(chosen: string): ComboboxOption[] {
  const members = useMembers().data ?? [];
  const accounts = useServiceAccounts().data ?? [];
  const standing = useStanding();
  const apiKeys = useApiKeys(Boolean(standing && !refusal("own keys", standing))).data ?? [];
  const options: ComboboxOption[] = [
    { value: ANY, label: "Anybody" },
    ...members.map(({ user_id, email }) => ({ value: user_id, label: plain(email, 100), group: "Members" })),
    ...accounts.map(({ id, name }) => ({ value: id, label: plain(name, 100), group: "Service accounts" })),
    ...apiKeys.map(({ id, name, hint }) => ({
      value: id,
      label: plain(name, 100),
      hint: `${hint}…`,
      group: "API keys",
    })),
    { value: "operator", label: "Operator", hint: "Whoever runs the server", group: "Others" },
    { value: "system", label: "Server", hint: "By itself", group: "Others" },
  ];
  const known = !chosen || options.some(({ value }) => value === chosen);
  return known ? options : [...options, { value: chosen, label: plain(chosen, 60), group: "Others" }];
}

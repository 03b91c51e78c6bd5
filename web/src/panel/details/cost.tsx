/** What the session has cost so far, turn by turn. An unknown price is said, never counted as nothing. */
import type { Turn } from "@agent-coordinator/client";
import { useMemo, useState } from "react";
import { Button, Money, Plain, plain, span, Tokens } from "~/ui/index.ts";
import { type CostSum, sum, used } from "./cost.ts";
import { Section } from "./section.tsx";

/** Turns shown before one asks for all. */
const FOLD = 20;

export function Cost({ turns }: { turns: Turn[] }) {
  const [all, setAll] = useState(false);
  const ran = useMemo(() => turns.filter(used), [turns]);
  const total = useMemo(() => sum(ran), [ran]);
  const first = all ? 0 : Math.max(0, ran.length - FOLD);
  return (
    <Section title="Tokens and cost">
      {ran.length === 0 ? (
        <p className="text-muted">No turn has run yet.</p>
      ) : (
        <table className="w-full table-fixed text-left">
          <caption className="sr-only">Tokens and cost by turn</caption>
          <thead className="text-small text-muted">
            <tr>
              <th className="py-1 font-normal">Turn</th>
              <th className="w-14 py-1 text-right font-normal">In</th>
              <th className="w-14 py-1 text-right font-normal">Out</th>
              <th className="w-18 py-1 text-right font-normal">Cost</th>
            </tr>
          </thead>
          <tbody>
            {ran.slice(first).map((turn, at) => (
              <TurnRow key={turn.promptId} turn={turn} number={first + at + 1} />
            ))}
          </tbody>
          <tfoot>
            <tr className="border-t border-line font-medium">
              <th scope="row" className="py-1 font-medium">
                Total
              </th>
              <td className="py-1 text-right">
                <Tokens value={total.tokens.input} />
              </td>
              <td className="py-1 text-right">
                <Tokens value={total.tokens.output} />
              </td>
              <td className="py-1 text-right">
                <Money microUsd={total.microUsd} />
                {total.unknown > 0 && "*"}
              </td>
            </tr>
          </tfoot>
        </table>
      )}
      {first > 0 && (
        <Button size="small" variant="ghost" onClick={() => setAll(true)}>
          Show all {ran.length.toLocaleString("en-US")} turns
        </Button>
      )}
      <Notes total={total} />
    </Section>
  );
}

function Notes({ total }: { total: CostSum }) {
  const { tokens, unknown } = total;
  if (tokens.cached === 0 && tokens.reasoning === 0 && unknown === 0) return null;
  return (
    <p className="mt-1 text-small text-muted">
      {tokens.cached > 0 && (
        <>
          Of the input, <Tokens value={tokens.cached} /> came from the provider's cache.{" "}
        </>
      )}
      {tokens.reasoning > 0 && (
        <>
          Of the output, <Tokens value={tokens.reasoning} /> went into reasoning.{" "}
        </>
      )}
      {unknown > 0 && (
        <>* Without {unknown === 1 ? "one turn" : `${unknown} turns`} of a model whose price is not known.</>
      )}
    </p>
  );
}

function TurnRow({ turn, number }: { turn: Turn; number: number }) {
  return (
    <tr className="align-top">
      <th scope="row" className="py-1 pr-2 font-normal">
        <span className="flex min-w-0 gap-1.5">
          <span className="shrink-0 text-muted">{number}</span>
          <span className="min-w-0 flex-1">
            <Plain text={turn.text} limit={200} truncate />
          </span>
        </span>
        <span
          className="block truncate text-small text-muted"
          title={turn.model ? plain(turn.model, 200) : undefined}
        >
          {[turn.model && plain(turn.model, 100), turn.durationMs !== null && span(turn.durationMs)]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </th>
      {turn.tokens === null ? (
        <td colSpan={3} className="py-1 text-right text-muted">
          {turn.endedAt === null ? "runs" : "not measured"}
        </td>
      ) : (
        <>
          <td className="py-1 text-right">
            <Tokens value={turn.tokens.input} />
          </td>
          <td className="py-1 text-right">
            <Tokens value={turn.tokens.output} />
          </td>
          <td className="py-1 text-right">
            {turn.costMicroUsd === null ? (
              <span className="text-muted">unknown</span>
            ) : (
              <Money microUsd={turn.costMicroUsd} />
            )}
          </td>
        </>
      )}
    </tr>
  );
}

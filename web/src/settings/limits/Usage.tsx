/** Turns, tokens and cost of the last thirty days, by model. */
import type { UsageReport } from "@agent-coordinator/client";
import { useUsageByModel } from "~/data/organisation.ts";
import { ScrollBox } from "~/panel/scroll-box.tsx";
import { ErrorNote, Money, Plain, Skeleton, Tokens } from "~/ui/index.ts";

type Sums = UsageReport["total"];

const NUMBER = "px-3 py-1.5 text-right";

export function Usage({ from }: { from: string }) {
  const { data, error } = useUsageByModel(from);
  return (
    <section aria-label="The last 30 days" className="flex flex-col gap-2">
      <h2 className="mt-2 font-semibold">The last 30 days</h2>
      {data ? (
        data.items.length === 0 ? (
          <p className="rounded-control border border-line px-3.5 py-3 text-muted">No turn has ended yet.</p>
        ) : (
          <Table report={data} />
        )
      ) : error ? (
        <ErrorNote error={error} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </section>
  );
}

function Table({ report }: { report: UsageReport }) {
  return (
    <ScrollBox label="Usage by model" className="overflow-x-auto rounded-control border border-line">
      <table className="w-full whitespace-nowrap">
        <thead>
          <tr className="border-b border-line text-small text-muted">
            <th scope="col" className="px-3.5 py-1.5 text-left font-medium">
              Model
            </th>
            {["Turns", "Input", "Output", "Cost"].map((name) => (
              <th key={name} scope="col" className={`${NUMBER} font-medium`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.items.map((row) => (
            <tr key={row.model ?? ""} className="border-b border-line">
              <th scope="row" className="px-3.5 py-1.5 text-left font-normal">
                <Plain text={row.model ?? "unknown"} limit={80} />
              </th>
              <Figures sums={row} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" className="px-3.5 py-1.5 text-left">
              Together
            </th>
            <Figures sums={report.total} />
          </tr>
        </tfoot>
      </table>
    </ScrollBox>
  );
}

function Figures({ sums }: { sums: Sums }) {
  return (
    <>
      <td className={NUMBER}>{sums.runs.toLocaleString("en-US")}</td>
      <td className={NUMBER}>
        <Tokens value={sums.tokens.input} />
      </td>
      <td className={NUMBER}>
        <Tokens value={sums.tokens.output} />
      </td>
      <td className={NUMBER}>
        {/* Where some prices are not known, what is known is the least it has cost. */}
        {sums.unknown_cost_runs > 0 && sums.known_cost_micro_usd > 0 ? (
          <span title={`${sums.unknown_cost_runs} turns have an unknown price`}>
            ≥ <Money microUsd={sums.known_cost_micro_usd} />
          </span>
        ) : (
          <Money microUsd={sums.cost_micro_usd} />
        )}
      </td>
    </>
  );
}

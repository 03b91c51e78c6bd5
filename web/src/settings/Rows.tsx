/** A list of things that were set, while it loads, when it failed, and when there is nothing. */
import type { ReactNode } from "react";
import { Button, ErrorNote, Skeleton } from "~/ui/index.ts";

export interface RowsProps<Item> {
  label: string;
  query: { data?: Item[] | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  empty: ReactNode;
  row: (item: Item) => ReactNode;
  keyOf: (item: Item) => string;
}

export function Rows<Item>({ label, query, empty, row, keyOf }: RowsProps<Item>) {
  if (query.isPending) {
    return (
      <div aria-busy className="flex flex-col gap-2">
        <Skeleton className="h-14" />
        <Skeleton className="h-14" />
      </div>
    );
  }
  if (query.error && !query.data) {
    return (
      <ErrorNote
        error={query.error}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  if (!query.data?.length) return <div className="rounded-control border border-line">{empty}</div>;
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-control border border-line">
      {query.data.map((item) => (
        <li key={keyOf(item)} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-3">
          {row(item)}
        </li>
      ))}
    </ul>
  );
}

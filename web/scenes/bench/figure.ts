/** One measured figure, beside what the same browser does on a bare page in the same run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The same on a page with nothing in it but what is measured; null where that says nothing. */
  bare: number | null;
  /** Most that the budget allows; null for a figure that only explains another. */
  most: number | null;
  /** How it was measured, in a line. */
  how: string;
}

/** The value below which this part of the samples lies. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function within({ value, most }: Figure): boolean {
  return most === null || value <= most;
}

/** Aligned columns, to read. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${round(figure.value)} ${figure.unit}`,
    figure.most === null ? "" : `<= ${round(figure.most)}`,
    figure.bare === null ? "" : `${round(figure.bare)}`,
    figure.bare === null || figure.bare === 0 ? "" : `${(figure.value / figure.bare).toFixed(2)}x`,
    within(figure) ? "" : "OVER",
  ]);
  const all = [["figure", "measured", "goal", "bare page", "ratio", ""], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(1);
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** The plain figure, in `unit`, for the JSON file. */
  readonly value: number;
  readonly unit: string;
  readonly budget?: string;
  /** Whether the budget is kept; undefined where there is none. */
  readonly kept?: boolean;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest-rank percentile. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const index = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1);
  return sorted[index] ?? Number.NaN;
}

export function skipped(what: string, why: string): Row {
  return { what, measured: `not measured: ${why}`, value: Number.NaN, unit: '' };
}

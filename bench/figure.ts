/** What a bench is, and one figure it gives. */

export type Bench = {
  /** What is measured and how, in one line: it is printed above the figures. */
  readonly title: string;
  run(options: BenchOptions): Promise<readonly Figure[]>;
};

export type BenchOptions = {
  /** How many posts the generated publication has. */
  readonly posts: number;
  /** How many connections to the mail server all measured programs have. */
  readonly connections: number;
  /** The one part of a bench to run, or null for all. */
  readonly only: string | null;
  /** About how long one measurement of a rate should take. */
  readonly seconds: number;
  /** Where mail goes: `smtp-sink` or `built-in`; null for the first that is there. */
  readonly sink: string | null;
};

export type Figure = {
  readonly what: string;
  /** With its unit. */
  readonly value: string;
  /** Against the peer or the other state named in `what`, measured in the same run; or null. */
  readonly ratio: number | null;
  /** As the claim says it: `≤ 150 ms`; null where nothing is claimed. */
  readonly target: string | null;
  readonly isMet: boolean | null;
};

/** A figure without a claim. */
export function figure(what: string, value: string, ratio: number | null = null): Figure {
  return { what, value, ratio, target: null, isMet: null };
}

/** A figure that must not exceed a limit, both in the same unit. */
export function boundedFigure(what: string, value: number, limit: number, unit: string): Figure {
  const digits = value < 100 ? 1 : 0;
  const target = `≤ ${limit} ${unit}`;
  return { what, value: `${value.toFixed(digits)} ${unit}`, ratio: null, target, isMet: value <= limit };
}

/** A figure that must reach so many times the peer or the other state named in `what`. */
export function reachingFigure(what: string, value: string, ratio: number, least: number): Figure {
  return { what, value, ratio, target: `≥ ${least} ×`, isMet: ratio >= least };
}

/** A figure that may be at most so many times the other state named in `what`. */
export function staysWithinFigure(what: string, value: string, ratio: number, most: number): Figure {
  return { what, value, ratio, target: `≤ ${most} ×`, isMet: ratio <= most };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

import { anchored } from './compile-regex.ts';

/** What is known of the time that a regular expression takes. */
export interface Linearity {
  /** Proven, not only tried. */
  readonly isLinear: boolean;
  /** In words, when it is not. */
  readonly reason?: string;
}

const timeoutMs = 5_000;
/** Proofs take up to seconds, and every reload asks again. */
const known = new Map<string, Linearity>();

export async function proveLinear(source: string): Promise<Linearity> {
  const before = known.get(source);
  if (before) return before;
  const { status, checker, complexity } = await diagnose(anchored(source), timeoutMs);
  const linearity: Linearity =
    status === 'safe' && checker === 'automaton'
      ? { isLinear: true }
      : { isLinear: false, reason: reasonOf(status, complexity?.summary) };
  known.set(source, linearity);
  return linearity;
}

/** What `proveLinear` found; without it nothing is proven. */
export function linearityOf(source: string): Linearity {
  return known.get(source) ?? { isLinear: false, reason: 'it was not checked' };
}

/**
 * What `recheck` says of a regular expression. It is loaded for those who have one only: that takes
 * 100 ms.
 */
export async function diagnose(source: string, timeout: number): Promise<Diagnosis> {
  // The build without a program or a worker of its own.
  const recheck: unknown = await import('recheck/lib/browser.js');
  return exportsOf(recheck).checkSync(source, '', { timeout });
}

export interface Diagnosis {
  readonly status: 'safe' | 'vulnerable' | 'unknown';
  /** `automaton` is a proof, `fuzz` an attempt. */
  readonly checker: string;
  readonly complexity?: { readonly summary?: string };
}

function reasonOf(status: string, summary: string | undefined): string {
  if (status === 'vulnerable') return `its time is ${summary ?? 'more than linear'} in the line`;
  return 'it could not be proven to take linear time';
}

interface Recheck {
  checkSync(source: string, flags: string, parameters: { readonly timeout: number }): Diagnosis;
}

function exportsOf(module: unknown): Recheck {
  const value = Object(module);
  return (value.default ?? value) as Recheck;
}

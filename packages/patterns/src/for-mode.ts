import type { PatternSetOptions } from './pattern-set.ts';

/** What each mode of a filter counts: the values of `PatternEntry.mode`. */
export type Modes = Readonly<Record<string, readonly string[]>>;

/** The patterns of one mode. An entry without a mode counts in every one. */
export function forMode(
  modes: Modes,
  mode: string,
): Required<Pick<PatternSetOptions, 'isOn' | 'wantedFor'>> {
  const counted = modes[mode] ?? [];
  return {
    isOn: (entry) => entry.mode === undefined || counted.includes(entry.mode),
    wantedFor: (entry) => {
      const others = Object.keys(modes).filter((one) => modes[one]?.includes(entry.mode ?? ''));
      return `the option mode: ${others.join(' or ')}`;
    },
  };
}

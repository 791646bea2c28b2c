import type { PatternTrial } from '@remand/api';
import type { HeaderKind } from '../detect/header/header.ts';
import type { KernelGiven } from '../kernel-contract.ts';

/** A filter without anything around it, for `remand match`. */
export interface FilterTrial {
  readonly filter: string;
  /** What the filter makes of the next line (its bytes without `\n`); lines come in order. */
  read(line: Uint8Array): LineVerdict;
  /** Everything about the line that was read last. */
  details(): FilterDetails;
  close(): Promise<void>;
}

/** A line as one filter sees it. Texts are decoded, not escaped. */
export interface LineVerdict {
  readonly match: boolean;
  /** The line's own address in its canonical form, before the /64. */
  readonly address: string | null;
  readonly user: string | null;
  /** ISO 8601 in UTC; null for a line without a time that can be read. */
  readonly time: string | null;
  /** Why the filter was not asked, if it was not. */
  readonly notOffered: NotOffered | null;
  /** How the filter failed, if it threw; that is no match. */
  readonly failure: string | null;
}

export type NotOffered = 'empty' | 'too-long' | 'no-header' | 'other-program' | 'other-beginning';

export interface FilterDetails {
  readonly header: HeaderFacts;
  readonly notOffered: { readonly reason: NotOffered; readonly text: string } | null;
  /** What the filter answered; its address may be none. */
  readonly match: { readonly address: string; readonly user: string | null } | null;
  /** null when the filter does not explain itself, or does not read lines of this program. */
  readonly patterns: readonly PatternTrial[] | null;
}

/** What the header of a line says. */
export interface HeaderFacts {
  readonly kind: HeaderKind;
  /** The time as it stands in the line. */
  readonly timeText: string | null;
  /** ISO 8601 in UTC. */
  readonly time: string | null;
  /** The zone in which the time was read, when the line names none. */
  readonly assumedZone: string | null;
  readonly program: string | null;
  readonly pid: number | null;
  /** What stands behind the header: filters see this. */
  readonly message: string;
}

/** What `createFilterTrial` is made from. */
export interface FilterTrialGiven extends Pick<KernelGiven, 'bundled' | 'importModule' | 'clock'> {
  readonly name: string;
  readonly options: unknown;
  readonly plugins: KernelGiven['config']['plugins'];
  readonly maxLineBytes: number;
}

/** One line through a whole configuration, for `remand explain`. */
export interface Explainer {
  /** Whether what was counted before is known, and if not why. */
  readonly state: StateLook;
  /** What would happen if this line (without its `\n`) came now, after those explained before. */
  explain(line: Uint8Array): LineExplanation;
  close(): Promise<void>;
}

export type ExplainerGiven = Pick<
  KernelGiven,
  'config' | 'bundled' | 'importModule' | 'stateFolder' | 'clock' | 'machine'
>;

export type StateLook =
  | { readonly looked: true }
  | { readonly looked: false; readonly reason: string };

export interface LineExplanation {
  readonly line: string;
  readonly bytes: number;
  readonly tooLong: boolean;
  /** One for each way in which the sources of the jails read lines; nearly always one. */
  readonly readings: readonly LineReading[];
}

export interface LineReading {
  /** `none`: the sources of these jails say that lines have no header. */
  readonly framing: 'auto' | 'none';
  readonly header: HeaderFacts;
  readonly jails: readonly JailExplanation[];
}

/** What a jail makes of a line, step by step; a step that was not reached is null. */
export interface JailExplanation {
  readonly jail: string;
  readonly filter: string;
  readonly notOffered: FilterDetails['notOffered'];
  readonly patterns: FilterDetails['patterns'];
  readonly match: FilterDetails['match'];
  /** The line's own address in its canonical form. */
  readonly address: string | null;
  /** What is counted and banned: v6 as its /64, as a rule. */
  readonly target: string | null;
  /** Why the address is never banned. */
  readonly neverBan: string | null;
  readonly count: {
    readonly offences: number;
    /** For this address: a known offender may have fewer tries. */
    readonly maxRetry: number;
    /** Whether these are the fewer tries of a known offender. */
    readonly known: boolean;
    readonly findTimeMs: number;
  } | null;
  readonly outcome: Outcome;
  /** How the filter failed, for `filter-threw`. */
  readonly failure: string | null;
  readonly ban: {
    /** ISO 8601 in UTC; null is for ever. */
    readonly until: string | null;
    readonly lists: readonly string[];
    readonly observed: boolean;
    /** The range whose hold blocks it, when the jail itself does not. */
    readonly range?: string;
    /** Which ban of the address it is, where each further one is longer. */
    readonly number?: number;
    /** The rungs that this ban fires, in the order in which they are decided. */
    readonly rungs: readonly Followed[];
    /** The ranges that it bans. */
    readonly ranges: readonly (Followed & {
      readonly range: string;
      /** It holds somebody who is never banned, and `reason` says whom. */
      readonly refused: boolean;
    })[];
  } | null;
}

/** What a ban brings about. */
export interface Followed {
  /** The rung, or `network`. */
  readonly holder: string;
  /** ISO 8601 in UTC; null is for ever. */
  readonly until: string | null;
  readonly lists: readonly string[];
  readonly observed: boolean;
  readonly reason: string;
}

/** `seen-while-banned`: the jail bans it already (`ban` says until when), so it does not count. */
export type Outcome =
  | 'too-long'
  | 'not-offered'
  | 'filter-threw'
  | 'no-match'
  | 'no-address'
  | 'never-ban'
  | 'seen-while-banned'
  | 'counted'
  | 'banned';

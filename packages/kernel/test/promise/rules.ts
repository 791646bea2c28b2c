/** A configuration as the model knows it. Times in ms; `Infinity` is for ever. */
export interface Rules {
  /** In the order in which one line is offered to them. */
  readonly jails: readonly JailRule[];
  /** Those that count bans before those that count their escalations. */
  readonly rungs: readonly RungRule[];
  readonly network?: NetworkRule;
  readonly lists: readonly ListRule[];
  readonly adminLists: readonly string[];
  readonly adminBanMs: number;
  readonly fuseBans: number;
  /** Every list blocks every packet, so that whatever is on one is blocked for all. */
  readonly areTotal?: boolean;
}

export interface JailRule {
  readonly name: string;
  /** Lines of this program are its offences. */
  readonly program: string;
  readonly findMs: number;
  readonly maxRetry: number;
  readonly banMs: number;
  /** Fewer tries for who was banned within a time. */
  readonly known?: { readonly maxRetry: number; readonly withinMs: number };
  readonly growth?: { readonly factor: number; readonly maxMs: number; readonly forgetMs: number };
  readonly observe: boolean;
  readonly lists: readonly string[];
}

/** So many banned addresses of a range ban the range. */
export interface NetworkRule {
  readonly after: number;
  readonly withinMs: number;
  readonly banMs: number;
  /** `/31`, the narrowest first. */
  readonly widths: readonly string[];
  readonly jails?: readonly string[];
  readonly lists?: readonly string[];
}

export interface RungRule {
  readonly name: string;
  readonly after: number;
  readonly withinMs: number;
  readonly banMs: number;
  readonly jails?: readonly string[];
  readonly of?: string;
  readonly lists?: readonly string[];
}

export interface ListRule {
  readonly key: string;
  readonly ownership: 'own' | 'shared';
  readonly watchable: boolean;
  readonly maxTimeoutMs: number;
  readonly families: readonly (4 | 6)[];
  readonly ranges: boolean;
  readonly maxEntries?: number;
}

export const fuseWithinMs = 20_000;

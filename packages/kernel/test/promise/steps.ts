/** One thing that happens. Everything can happen at any time. */
export type Step =
  | ({ readonly do: 'lines' } & Lines)
  | {
      readonly do: 'ban';
      readonly what: string;
      readonly jail?: string | undefined;
      readonly forMs?: number | undefined;
    }
  /** Of the live holds the `nth`: it alone if it is the only one, all of its holder, or all. */
  | {
      readonly do: 'unban';
      readonly nth: number;
      readonly which: 'only' | 'holder' | 'all';
      readonly mistake: boolean;
    }
  | { readonly do: 'allow'; readonly what: string; readonly forMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** To the millisecond before the next hold ends. */
  | { readonly do: 'passToEnd' }
  /** Killed now, or at the next apply of a list: before it has done anything, or after all. */
  | { readonly do: 'crash'; readonly list?: string; readonly when: 'now' | 'before' | 'after' }
  /** Lines are written and entries of one list are lost while nothing runs. */
  | {
      readonly do: 'restart';
      readonly downMs: number;
      readonly lines: readonly Lines[];
      readonly wiped?: string | undefined;
    }
  | { readonly do: 'wipe'; readonly list: string; readonly container: boolean }
  /** Somebody else takes the `nth` entry of a list out. */
  | { readonly do: 'takeOut'; readonly list: string; readonly nth: number }
  | {
      readonly do: 'putIn';
      readonly list: string;
      readonly what: string;
      readonly forMs: number;
    }
  | {
      readonly do: 'fail';
      readonly list: string;
      readonly how: 'before' | 'after' | 'partly';
      readonly times: number;
    }
  | { readonly do: 'away'; readonly list: string; readonly on: boolean }
  | { readonly do: 'refuse'; readonly list: string; readonly what: string; readonly on: boolean }
  | { readonly do: 'flush'; readonly list: string }
  | { readonly do: 'reload' };

/** So many lines of a program about an address. */
export interface Lines {
  readonly program: string;
  readonly address: string;
  readonly times: number;
}

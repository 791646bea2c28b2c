import type { KernelConfig } from '@remand/api';
import type { LooseUse } from './loose-uses.ts';

/** An rc file with everything resolved. */
export interface Settings {
  readonly kernel: KernelConfig;
  /** Plugins in what is left out of `kernel`: their options can be checked all the same. */
  readonly looseUses: readonly LooseUse[];
  /** The folder of the ledger. */
  readonly state: { readonly path: string };
  readonly control: { readonly socket: string; readonly group?: string };
  readonly log: {
    readonly level: 'error' | 'warn' | 'info' | 'debug';
    readonly format: 'text' | 'json';
    /** Default: standard error. */
    readonly file?: string;
  };
}

import type { KernelConfig } from '@remand/api';

/** An rc file with everything resolved. */
export interface Settings {
  readonly kernel: KernelConfig;
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

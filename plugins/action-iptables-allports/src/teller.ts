import { type CommandError, type Logger, printable } from '@remand/api';
import type { ChainState } from './chain-state.ts';
import type { Family } from './layout.ts';

/** Tells the log what a list found and what was done about it, each thing once. */
export class Teller {
  readonly #list: string;
  readonly #logger: Logger;
  readonly #foreignTold = new Map<Family, string>();

  constructor({ list, logger }: { readonly list: string; readonly logger: Logger }) {
    this.#list = list;
    this.#logger = logger;
  }

  familyMissing(family: Family, { message: reason, hint }: CommandError): void {
    this.#warn('family-unavailable', { family: `IPv${family}`, reason, hint });
  }

  ipsetMissing({ message: reason, hint }: CommandError): void {
    this.#warn('ipset-unavailable', { reason, hint });
  }

  /** Something that was right before was not. */
  putRight(family: Family, { exists, jumpFixes }: ChainState): void {
    const what = exists ? (jumpFixes.length > 0 ? 'its jumps' : 'its rules') : 'the chain';
    this.#warn('chain-put-right', { family: `IPv${family}`, what });
  }

  foreignRules(family: Family, { front, back }: ChainState): void {
    const rules = [...front, ...back];
    const all = rules.join('\n');
    if ((this.#foreignTold.get(family) ?? '') === all) return;
    this.#foreignTold.set(family, all);
    if (rules.length === 0) return;
    this.#warn('foreign-rules', {
      family: `IPv${family}`,
      rules: rules.length,
      first: printable(rules[0] ?? ''),
      hint: 'they are kept and can undo bans: move them to a chain of your own, exceptions to neverBan',
    });
  }

  #warn(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#logger.warn(event, { list: this.#list, ...fields });
  }
}

import { createHash } from 'node:crypto';
import type { Change, CommandRunner, ListedEntry, RunOptions, Target } from '@remand/api';
import { changeChain, targetsOf, verdictFor } from './dynamic-chain.ts';
import { type Family, familyNames } from './family.ts';
import type { FilterTable } from './filter-table.ts';
import { runHinted } from './firewall-programs.ts';
import type { Options } from './options.ts';
import { noneRefused, type Place } from './place.ts';

/** How long to wait for another program that changes the table: legacy iptables has one lock. */
const lockSeconds = '5';

/** The chain `dynamic`. Its rules have no time. */
export class ChainPlace implements Place {
  readonly maxTimeoutMs = 0;
  readonly #commands: CommandRunner;
  readonly #family: Family;
  readonly #block: Options['block'];
  readonly #table: FilterTable;
  #rules: readonly string[];

  constructor(
    commands: CommandRunner,
    family: Family,
    given: { readonly table: FilterTable; readonly block: Options['block'] },
  ) {
    this.#commands = commands;
    this.#family = family;
    this.#block = given.block;
    this.#table = given.table;
    this.#rules = given.table.dynamic ?? [];
  }

  get signature(): string {
    return createHash('sha1').update(this.#rules.join('\n')).digest('base64');
  }

  async list(): Promise<readonly ListedEntry[]> {
    const targets = targetsOf(this.#rules, this.#family);
    return Array.from(targets, (target) => ({ target, remainingMs: null }));
  }

  async apply(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<Target, string>> {
    const verdict = verdictFor(this.#block, this.#table);
    const { script, rules } = changeChain(this.#rules, changes, { family: this.#family, verdict });
    if (script !== '') {
      const restore = `${familyNames[this.#family].iptables}-restore`;
      const argv = [restore, '-w', lockSeconds, '--noflush'];
      await runHinted(this.#commands, argv, { ...run, input: script });
      this.#rules = rules;
    }
    return noneRefused;
  }
}

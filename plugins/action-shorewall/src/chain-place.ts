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

export interface ChainGiven {
  readonly table: FilterTable;
  readonly block: Options['block'];
  /** See `isBeingChanged`. */
  readonly isBeingChanged: () => boolean;
}

/** The chain `dynamic`. Its rules have no time. */
export class ChainPlace implements Place {
  readonly maxTimeoutMs = 0;
  readonly #commands: CommandRunner;
  readonly #family: Family;
  readonly #given: ChainGiven;
  #rules: readonly string[];

  constructor(commands: CommandRunner, family: Family, given: ChainGiven) {
    this.#commands = commands;
    this.#family = family;
    this.#given = given;
    this.#rules = given.table.dynamic ?? [];
  }

  get signature(): string {
    return createHash('sha1').update(this.#rules.join('\n')).digest('base64');
  }

  async list(): Promise<readonly ListedEntry[]> {
    const targets = targetsOf(this.#rules, this.#family);
    return Array.from(targets, (target) => ({ target, remainingMs: null }));
  }

  /** What is added and lost is found missing later. What is removed and comes back is not found. */
  async apply(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<Target, string>> {
    const removes = changes.filter(({ op }) => op === 'remove');
    const { isBeingChanged } = this.#given;
    const mayRemove = removes.length === 0 || !isBeingChanged();
    await this.#change(mayRemove ? changes : changes.filter(({ op }) => op !== 'remove'), run);
    if (removes.length === 0 || (mayRemove && !isBeingChanged())) return noneRefused;
    const { program } = familyNames[this.#family];
    const reason = `${program} is just loading its rules and could bring it back`;
    return new Map(removes.map(({ target }) => [target, reason]));
  }

  async #change(changes: readonly Change[], run: RunOptions): Promise<void> {
    const { table, block } = this.#given;
    const verdict = verdictFor(block, table);
    const { script, rules } = changeChain(this.#rules, changes, { family: this.#family, verdict });
    if (script === '') return;
    const restore = `${familyNames[this.#family].iptables}-restore`;
    const argv = [restore, '-w', lockSeconds, '--noflush'];
    await runHinted(this.#commands, argv, { ...run, input: script });
    this.#rules = rules;
  }
}

import { printable, reasonOf, type Target } from '@remand/api';
import type { EntryTable, Presence } from './entry-table.ts';
import type { RowStore } from './list-spec.ts';

/** Keeps the rows of one list in step with its table, as far as the disk allows. */
export class RowKeeper {
  readonly #store: RowStore;
  readonly #list: string;
  readonly #table: EntryTable;
  #trouble: string | undefined;
  #unloaded: Presence | undefined = 'maybe';

  constructor(given: {
    readonly store: RowStore;
    readonly list: string;
    readonly table: EntryTable;
  }) {
    this.#store = given.store;
    this.#list = given.list;
    this.#table = given.table;
  }

  /** Why something could not be written; undefined when all is. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Takes over the rows that are there, once: at a start those of an earlier life, whose entries
   * may be in; after `dropAll` those that were committed since, whose entries are not.
   */
  load(): void {
    if (this.#unloaded === undefined) return;
    for (const target of this.#store.load(this.#list)) {
      this.#table.set(target, this.#unloaded);
      this.#table.setRecorded(target, true);
    }
    this.#unloaded = undefined;
  }

  /** @returns why they could not be written, undefined when they are */
  add(targets: readonly Target[]): string | undefined {
    const failure = this.#write(targets, () => this.#store.add(this.#list, targets));
    if (failure === undefined) for (const target of targets) this.#table.setRecorded(target, true);
    return failure;
  }

  /** Forgets entries that are not in. Where a row cannot be deleted now it is tried again. */
  drop(targets: readonly Target[]): void {
    const recorded = targets.filter((target) => this.#table.get(target)?.recorded);
    const failure = this.#write(recorded, () => this.#store.remove(this.#list, recorded));
    if (failure !== undefined) for (const target of recorded) this.#table.set(target, 'out');
    const kept = new Set(failure === undefined ? [] : recorded);
    for (const target of targets) if (!kept.has(target)) this.#table.forget(target);
  }

  /** Deletes every row, after the entries were taken out. */
  dropAll(): void {
    for (const target of this.#table.targets()) this.#table.set(target, 'out');
    this.drop([...this.#table.targets()]);
    this.#table.clear();
    this.#trouble = undefined;
    this.#unloaded = 'out';
  }

  /** Forgets the trouble. @returns what another write could put right */
  retry(): readonly Target[] {
    this.#trouble = undefined;
    const left: Target[] = [];
    for (const [target, { presence, recorded }] of this.#table.entries()) {
      if (recorded === (presence === 'out')) left.push(target);
    }
    return left;
  }

  /** A failure stands until `retry`: another write that succeeds does not make up for it. */
  #write(targets: readonly Target[], write: () => void): string | undefined {
    if (targets.length === 0) return undefined;
    try {
      write();
      return undefined;
    } catch (error) {
      this.#trouble = printable(reasonOf(error));
      return this.#trouble;
    }
  }
}

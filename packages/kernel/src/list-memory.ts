import type { Generation } from './generation.ts';
import type { Holds } from './holds/holds.ts';
import type { Ledger } from './ledger/ledger.ts';
import { listsByHolder } from './plugins/plan.ts';
import type { Places } from './routes.ts';

/** How a list was made: enough to make it again. */
export interface RememberedList {
  readonly action: string;
  /** As the configuration had them, before the plugin's schema. */
  readonly options: unknown;
}

/**
 * What the ledger remembers of configurations: by which action each list was made and which lists
 * each jail and each rung had, so that a list can be emptied, and a hold run to its end, when neither is
 * configured any more.
 */
export class ListMemory {
  readonly #ledger: Ledger;
  readonly #holds: Holds;
  /** Also when it could not be written. */
  readonly #holdersLists: Map<string, readonly string[]>;
  readonly #heirs = new Map<string, ReadonlySet<string>>();

  constructor(ledger: Ledger, holds: Holds) {
    this.#ledger = ledger;
    this.#holds = holds;
    this.#holdersLists = new Map(
      [...ledger.notes('jail')].map(([name, text]) => [name, namesIn(text)] as const),
    );
  }

  /** @throws CommandError when it cannot be written (a full disk) */
  remember(generation: Generation): void {
    const { lists } = generation.plan;
    const configured = listsByHolder(generation.plan);
    this.#findHeirs(generation);
    for (const [name, its] of configured) this.#holdersLists.set(name, its);
    const made = [...lists.values()].map(({ key, use }) => {
      const one: RememberedList = { action: use.plugin.name, options: use.use.options };
      return [key, JSON.stringify(one)] as const;
    });
    this.#put('list', new Map(made));
    const known = new Map<string, string | null>();
    const holders = this.#holders();
    for (const [name, its] of this.#holdersLists) {
      const isOver = !configured.has(name) && !holders.has(name);
      known.set(name, isOver ? null : JSON.stringify(its));
      if (isOver) this.#holdersLists.delete(name);
    }
    this.#put('jail', known);
  }

  /** Every list that was configured once, or has rows, and was not forgotten since. */
  lists(): ReadonlyMap<string, RememberedList | undefined> {
    const all = new Map<string, RememberedList | undefined>();
    for (const list of this.#ledger.listsWithRows()) all.set(list, undefined);
    for (const [list, text] of this.#ledger.notes('list')) all.set(list, read(text));
    return all;
  }

  /** The lists that holders have in the place of one that is not configured any more. */
  heirsOf(list: string): Iterable<string> {
    return this.#heirs.get(list) ?? [];
  }

  /** Whether anything of a list may be in the firewall. */
  hasRows(list: string): boolean {
    for (const _target of this.#ledger.rows(list)) return true;
    return false;
  }

  /** Where holds go; those of jails and rungs that were removed to the lists that they had. */
  places({ plan, config, lists }: Generation): Places {
    const enforced = new Set(lists.map(({ key }) => key));
    const isEnforced = (list: string) => enforced.has(list);
    const holders = this.#holders();
    const removed = [...this.#holdersLists].filter(
      ([name]) => holders.has(name) && !config.observe,
    );
    const configured = [...listsByHolder(plan)].map(
      ([name, its]) => [name, its.filter(isEnforced)] as const,
    );
    return {
      listsOfHolder: new Map([...removed, ...configured]),
      adminLists: plan.adminLists.filter(isEnforced),
      lists: enforced,
    };
  }

  /** Nothing is left of a list. */
  forget(list: string): void {
    this.#ledger.putNotes('list', new Map([[list, null]]));
  }

  #findHeirs({ plan }: Generation): void {
    for (const list of plan.lists.keys()) this.#heirs.delete(list);
    for (const [name, lists] of listsByHolder(plan)) {
      for (const list of this.#holdersLists.get(name) ?? []) {
        if (plan.lists.has(list)) continue;
        this.#heirs.set(list, new Set([...this.heirsOf(list), ...lists]));
      }
    }
  }

  /** Writes what is new: most reloads change nothing here. */
  #put(kind: 'list' | 'jail', notes: ReadonlyMap<string, string | null>): void {
    const before = this.#ledger.notes(kind);
    const changed = [...notes].filter(([name, text]) => (before.get(name) ?? null) !== text);
    this.#ledger.putNotes(kind, new Map(changed));
  }

  #holders(): ReadonlySet<string> {
    const holders = new Set<string>();
    for (const { via } of this.#holds.all()) holders.add(via);
    return holders;
  }
}

function read(text: string): RememberedList | undefined {
  const made: unknown = parse(text);
  if (typeof made !== 'object' || made === null || !('action' in made)) return undefined;
  const { action } = made;
  if (typeof action !== 'string') return undefined;
  return { action, options: 'options' in made ? made.options : undefined };
}

function namesIn(text: string): readonly string[] {
  const names: unknown = parse(text);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by something else: as good as not there.
    return undefined;
  }
}

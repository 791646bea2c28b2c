import {
  type ConfigProblem,
  type FlushOutcome,
  type ListStatus,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import type { Builder } from './build.ts';
import type { Enforcer } from './enforce/enforcer.ts';
import type { Generation, Made } from './generation.ts';
import type { ListMemory, RememberedList } from './list-memory.ts';
import { resolveUse } from './plugins/resolve-use.ts';

export interface RetiredListsGiven {
  readonly memory: ListMemory;
  readonly builder: Builder;
  readonly logger: Logger;
  readonly enforcer: Enforcer;
}

type Emptied = FlushOutcome['lists'];

/**
 * Lists that are not configured any more, whether a reload or a start found them so: empties them,
 * and shows those that it cannot reach.
 */
export class RetiredLists {
  readonly #given: RetiredListsGiven;
  readonly #made = new Map<string, Made>();
  #unreachable: readonly ListStatus[] = [];
  #unsaved: Generation | undefined;

  constructor(given: RetiredListsGiven) {
    this.#given = given;
  }

  /** Writes down what the lists of a generation are, before anything is entered in them. */
  remember(generation: Generation): void {
    const isAgain = this.#unsaved === generation;
    this.#unsaved = undefined;
    try {
      this.#given.memory.remember(generation);
    } catch (error) {
      // Rows cannot be written either: only lists of our own hold anything now.
      this.#unsaved = generation;
      if (isAgain) return;
      const reason = printable(reasonOf(error));
      this.#given.logger.warn('lists-not-remembered', { reason });
    }
  }

  /** Tries again what a full disk refused. */
  retry(): void {
    if (this.#unsaved) this.remember(this.#unsaved);
  }

  /** A list whose action goes on to exist until it is empty. */
  keep(made: readonly Made[]): void {
    for (const one of made) this.#made.set(one.place, one);
  }

  /** Lists that are left over and that nobody can empty. */
  status(): readonly ListStatus[] {
    return this.#unreachable;
  }

  /** Whether a list is known that is not configured. */
  hasWork({ plan, config }: Generation): boolean {
    if (config.observe) return false;
    return this.#known().some(([list]) => !plan.lists.has(list)) || this.#made.size > 0;
  }

  /** While nothing is to be touched. Never rejects. */
  async leave(): Promise<void> {
    await this.#given.enforcer.leaveRetired();
    await this.#releaseUnused();
  }

  /** Empties every list that is known and not configured. Never rejects. */
  async empty(generation: Generation): Promise<Emptied> {
    try {
      await this.#find(generation);
    } catch (error) {
      this.#given.logger.error('lists-unreadable', { reason: printable(reasonOf(error)) });
    }
    const emptied = await this.#given.enforcer.emptyRetired();
    await this.#releaseUnused();
    return [
      ...emptied,
      ...this.#unreachable.map((list) => ({
        list: list.list,
        removed: false,
        ...(list.state === 'degraded' && { reason: list.reason }),
      })),
    ];
  }

  /** Nothing is left of it in the firewall. */
  emptied(list: string): void {
    const { memory, logger } = this.#given;
    logger.info('list-emptied', { list, why: 'it is not configured any more' });
    try {
      // A full disk may have kept them.
      if (!memory.hasRows(list)) memory.forget(list);
    } catch (error) {
      // The next start looks at it again, and finds it empty.
      logger.warn('list-not-forgotten', { list, reason: printable(reasonOf(error)) });
    }
    void this.#releaseUnused();
  }

  /** Makes those again that an earlier run left. */
  async #find(generation: Generation): Promise<void> {
    const { memory, logger } = this.#given;
    const enforcer = this.#given.enforcer;
    const unreachable: ListStatus[] = [];
    for (const [list, remembered] of this.#known()) {
      if (generation.plan.lists.has(list) || enforcer.retired.includes(list)) continue;
      try {
        await this.#take(list, remembered, generation);
      } catch (error) {
        // Without a row there is nothing of it to be taken out.
        if (!memory.hasRows(list)) {
          this.emptied(list);
          continue;
        }
        const reason = printable(reasonOf(error));
        unreachable.push(leftOver(list, remembered?.action ?? '', reason));
        logger.error('list-left-over', { list, reason });
      }
    }
    this.#unreachable = unreachable;
  }

  #known(): readonly (readonly [string, RememberedList | undefined])[] {
    try {
      return [...this.#given.memory.lists()];
    } catch (error) {
      this.#given.logger.error('lists-unreadable', { reason: printable(reasonOf(error)) });
      return [];
    }
  }

  /** @throws when the list cannot be made any more, with the reason */
  async #take(
    list: string,
    remembered: RememberedList | undefined,
    { catalogue }: Generation,
  ): Promise<void> {
    if (!remembered) throw new Error('how it was made is not on record');
    const plugin = await catalogue.look('action', remembered.action);
    if (!plugin) throw new Error(`there is no action named "${printable(remembered.action, 60)}"`);
    const problems: ConfigProblem[] = [];
    const { action: name, options } = remembered;
    const use = await resolveUse(plugin, { name, options, path: [] }, problems);
    if (!use) throw new Error(`its options are refused: ${problems[0]?.message ?? ''}`);
    // Whatever else is in a list of others is theirs.
    if (plugin.ownership === 'shared' && !this.#given.memory.hasRows(list)) {
      return this.emptied(list);
    }
    const { spec, made } = this.#given.builder.retired({ key: list, use, holders: new Set() });
    this.#made.set(list, made);
    this.#given.enforcer.addRetired(spec);
  }

  /** Disposes actions of lists that are empty, or that a configuration has made anew. */
  async #releaseUnused(): Promise<void> {
    const { retired } = this.#given.enforcer;
    const unused = [...this.#made].filter(([list]) => !retired.includes(list));
    for (const [list] of unused) this.#made.delete(list);
    await this.#given.builder.dispose(unused.map(([, made]) => made));
  }
}

function leftOver(list: string, action: string, reason: string): ListStatus {
  return {
    list,
    action,
    // Who made it is not known: the one that warns of others.
    ownership: 'shared',
    holders: [],
    desired: 0,
    enforced: 0,
    notEnforced: 0,
    foreign: 0,
    paused: false,
    retired: true,
    pending: 0,
    lastReconcileAt: null,
    repaired: 0,
    state: 'degraded',
    reason: `it is not configured any more and cannot be emptied: ${reason}`,
    hint: 'configure it again as it was, reload, take it out and reload; or look at the firewall',
  };
}

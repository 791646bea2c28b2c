import type { Clock, Logger, Target } from '@remand/api';
import { printable, reasonOf } from '@remand/api';
import {
  contains,
  formatRange,
  overlaps,
  parseRange,
  type Range,
} from '../address/parse-target.ts';
import type { MachineView } from '../kernel-contract.ts';

export interface ProtectedEntry {
  readonly range: Range;
  /** Why nobody may ban it, for messages: `neverBan`, `default gateway`, … */
  readonly why: string;
}

export interface NeverBanGiven {
  /** Addresses, ranges and host names of the configuration. */
  readonly configured: readonly string[];
  readonly machine: MachineView;
  readonly clock: Clock;
  readonly logger: Logger;
}

const loopback = ['127.0.0.0/8', '::1', '0.0.0.0', '::'];

/**
 * Who cannot be banned. The machine is looked at and names are resolved by `refresh`; a name that
 * cannot be resolved keeps its last good answers.
 */
export class NeverBanSet {
  readonly #given: NeverBanGiven;
  #fixed: readonly ProtectedEntry[] = [];
  #names: readonly string[] = [];
  readonly #answers = new Map<string, readonly string[]>();
  readonly #problems = new Map<string, string>();
  #allowed: readonly { readonly entry: ProtectedEntry; readonly until: number | null }[] = [];
  #machine: readonly ProtectedEntry[] = [];
  #entries: readonly ProtectedEntry[] = [];
  #hosts = new Map<string, ProtectedEntry>();
  #version = 0;

  constructor(given: NeverBanGiven) {
    this.#given = given;
    this.configure(given.configured);
  }

  /** Other entries of the configuration; what is known of names that stay is kept. */
  configure(configured: readonly string[]): void {
    const fixed: ProtectedEntry[] = entriesOf(loopback, 'loopback');
    const names: string[] = [];
    for (const text of configured) {
      const range = parseRange(text);
      if (range) fixed.push({ range, why: 'neverBan of the configuration' });
      else names.push(text);
    }
    this.#fixed = fixed;
    this.#names = names;
    for (const known of [this.#answers, this.#problems]) {
      for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    }
    this.#rebuild();
  }

  /** Rises whenever an answer of `covering` or `touching` may have changed. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#entries.length;
  }

  get entries(): readonly ProtectedEntry[] {
    return this.#entries;
  }

  get problems(): readonly string[] {
    return [...this.#problems.values()];
  }

  /** The entry that protects all of a range, if one does. */
  covering(range: Range): ProtectedEntry | undefined {
    const exact = this.#hosts.get(formatRange(range));
    if (exact) return exact;
    return this.#entries.find((entry) => contains(entry.range, range));
  }

  /** The entry that has an address in common with a range: the range must not be blocked. */
  touching(range: Range): ProtectedEntry | undefined {
    return this.#entries.find((entry) => overlaps(entry.range, range));
  }

  /** Adds one that `remand allow` protects from now on, in the place of an earlier one. */
  addAllowed(target: Target, until: number | null): void {
    const range = parseRange(target);
    if (!range) return;
    const others = this.#allowed.filter(({ entry }) => formatRange(entry.range) !== target);
    this.#allowed = [...others, { entry: { range, why: 'remand allow' }, until }];
    this.#rebuild();
  }

  /** What `remand allow` protects. */
  setAllowed(allows: readonly { readonly target: Target; readonly until: number | null }[]): void {
    this.#allowed = allows.flatMap(({ target, until }) => {
      const range = parseRange(target);
      return range ? [{ entry: { range, why: 'remand allow' }, until }] : [];
    });
    this.#rebuild();
  }

  /** Drops allows that are over. @returns whether there were any */
  expireAllowed(now: number): boolean {
    const live = this.#allowed.filter(({ until }) => until === null || until > now);
    if (live.length === this.#allowed.length) return false;
    this.#allowed = live;
    this.#rebuild();
    return true;
  }

  /** Looks at the machine again and resolves names again. @returns whether anything changed */
  async refresh(): Promise<boolean> {
    const before = this.#version;
    const machine = this.#given.machine.protectedAddresses().then((found) => {
      this.#machine = found.flatMap(({ address, why }) => entriesOf([address], why));
      this.#rebuild();
    });
    // Each answer counts as it comes: a slow name must not keep the machine's own addresses out.
    const names = this.#names.map((name) => this.#resolve(name).then(() => this.#rebuild()));
    await Promise.all([machine, ...names]);
    return this.#version !== before;
  }

  async #resolve(name: string): Promise<void> {
    try {
      const answers = await this.#given.machine.resolve(name);
      if (!this.#names.includes(name)) return;
      this.#answers.set(name, answers);
      this.#problems.delete(name);
    } catch (error) {
      if (!this.#names.includes(name)) return;
      const kept = this.#answers.get(name);
      const rest = kept ? 'its last answers are kept' : 'it protects nothing yet';
      const problem = `neverBan ${printable(name)}: ${printable(reasonOf(error))}; ${rest}`;
      if (!this.#problems.has(name)) this.#given.logger.warn('never-ban-unresolved', { problem });
      this.#problems.set(name, problem);
    }
  }

  #rebuild(): boolean {
    const entries = [
      ...this.#fixed,
      ...this.#machine,
      ...[...this.#answers].flatMap(([name, addresses]) =>
        entriesOf(addresses, `neverBan ${printable(name)}`),
      ),
      ...this.#allowed.map(({ entry }) => entry),
    ];
    const before = fingerprint(this.#entries);
    this.#entries = entries;
    if (fingerprint(entries) === before) return false;
    this.#hosts = new Map(entries.map((entry) => [formatRange(entry.range), entry]));
    this.#version++;
    return true;
  }
}

function entriesOf(addresses: readonly string[], why: string): ProtectedEntry[] {
  return addresses.flatMap((address) => {
    const range = parseRange(address);
    return range ? [{ range, why }] : [];
  });
}

function fingerprint(entries: readonly ProtectedEntry[]): string {
  return entries
    .map((entry) => formatRange(entry.range))
    .sort()
    .join(' ');
}

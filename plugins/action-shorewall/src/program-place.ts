import {
  type Change,
  CommandError,
  type CommandRunner,
  type ListedEntry,
  printable,
  type RunOptions,
  type Target,
} from '@remand/api';
import { runHinted } from './firewall-programs.ts';
import type { Options } from './options.ts';
import type { Place } from './place.ts';
import { type ProgramListing, parseListing } from './program-listing.ts';

/** Addresses in one command. Each takes shorewall about 10 ms. */
const mostAtOnce = 200;

/**
 * The program shorewall itself, for blacklists that iptables and ipset do not show under the known
 * names. Its exit codes say little, so the blacklist is read after each batch.
 */
export class ProgramPlace implements Place {
  readonly maxTimeoutMs = 0;
  readonly #commands: CommandRunner;
  readonly #program: string;
  readonly #block: Options['block'];
  #listing: ProgramListing;

  private constructor(
    commands: CommandRunner,
    given: {
      readonly program: string;
      readonly block: Options['block'];
      readonly listing: ProgramListing;
    },
  ) {
    this.#commands = commands;
    this.#program = given.program;
    this.#block = given.block;
    this.#listing = given.listing;
  }

  static async find(
    commands: CommandRunner,
    given: { readonly program: string; readonly block: Options['block'] },
    run: RunOptions,
  ): Promise<ProgramPlace> {
    const { program, block } = given;
    const listing = await read(commands, program, run);
    if (!listing.hasChain && (block !== 'drop' || !listing.hasSet)) {
      const only = listing.hasSet ? `a set, which cannot ${block}` : 'no dynamic blacklist';
      throw new CommandError('REFUSED', `${program} has ${only}`, {
        hint: listing.hasSet
          ? 'write `block: drop`, or DYNAMIC_BLACKLIST=ipset (not ipset-only) in its configuration'
          : `write DYNAMIC_BLACKLIST=Yes or =ipset in its configuration, then \`${program} restart\`, or leave it out of \`families\``,
      });
    }
    return new ProgramPlace(commands, { program, block, listing });
  }

  get signature(): string {
    return [...this.#listing.targets].join(' ');
  }

  async list(): Promise<readonly ListedEntry[]> {
    return Array.from(this.#listing.targets, (target) => ({ target, remainingMs: null }));
  }

  async apply(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<Target, string>> {
    const wanted = new Map(changes.map(({ op, target }) => [target, op !== 'remove']));
    const { targets } = this.#listing;
    const removed = [...wanted].flatMap(([one, isIn]) => (!isIn && targets.has(one) ? [one] : []));
    const added = [...wanted].flatMap(([one, isIn]) => (isIn && !targets.has(one) ? [one] : []));
    const said = [...(await this.#allow(removed, run)), ...(await this.#enter(added, run))];
    if (said.length === 0) return new Map();
    this.#listing = await read(this.#commands, this.#program, run);
    const reason = said.find((text) => text !== '') ?? `${this.#program} said nothing`;
    const wrong = [...added, ...removed].filter(
      (target) => this.#listing.targets.has(target) !== wanted.get(target),
    );
    return new Map(wrong.map((target) => [target, `${this.#program} did not do it: ${reason}`]));
  }

  #allow(targets: readonly Target[], run: RunOptions): Promise<readonly string[]> {
    return this.#each(['allow'], targets, run);
  }

  async #enter(targets: readonly Target[], run: RunOptions): Promise<readonly string[]> {
    if (this.#block !== 'drop' || !this.#listing.hasSet)
      return this.#each([this.#block], targets, run);
    const said: string[] = [];
    for (const target of targets) {
      // Without a time `blacklist` fails where the configuration names none. 0 is without an end.
      said.push(await this.#say(['blacklist', target, 'timeout', '0'], run));
    }
    return said;
  }

  async #each(
    command: readonly string[],
    targets: readonly Target[],
    run: RunOptions,
  ): Promise<readonly string[]> {
    const said: string[] = [];
    for (let from = 0; from < targets.length; from += mostAtOnce) {
      said.push(await this.#say([...command, ...targets.slice(from, from + mostAtOnce)], run));
    }
    return said;
  }

  /** @returns what the program complains of */
  async #say(words: readonly string[], run: RunOptions): Promise<string> {
    const { stderr } = await this.#commands.run([this.#program, ...words], run);
    return printable(stderr.trim().split('\n')[0] ?? '', 120);
  }
}

async function read(
  commands: CommandRunner,
  program: string,
  run: RunOptions,
): Promise<ProgramListing> {
  return parseListing(await runHinted(commands, [program, 'show', 'bl'], run));
}

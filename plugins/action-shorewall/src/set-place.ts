import {
  type Change,
  CommandError,
  type CommandRunner,
  type ListedEntry,
  printedTarget,
  type RunOptions,
  type Target,
} from '@remand/api';
import { runHinted } from './firewall-programs.ts';
import { noneRefused, type Place } from './place.ts';

/** ipset refuses a longer timeout. */
const mostSeconds = 2_147_483;

/** The set of `DYNAMIC_BLACKLIST=ipset`, as `shorewall blacklist` fills it. */
export class SetPlace implements Place {
  readonly maxEntries: number;
  readonly maxTimeoutMs: number;
  readonly #commands: CommandRunner;
  readonly #set: string;
  #count: string;

  private constructor(commands: CommandRunner, set: string, header: string) {
    this.#commands = commands;
    this.#set = set;
    this.maxEntries = Number(/ maxelem ([0-9]+)/.exec(header)?.[1] ?? 65_536);
    // An administrator may have made the set before shorewall, and without times.
    this.maxTimeoutMs = / timeout [0-9]+/.test(header) ? mostSeconds * 1000 : 0;
    this.#count = countIn(header);
  }

  static async find(commands: CommandRunner, set: string, run: RunOptions): Promise<SetPlace> {
    const header = await headerOf(commands, set, run);
    if (/^Type: (?!hash:net$)/m.test(header)) {
      throw new CommandError('REFUSED', `the set ${set} is not of the type hash:net`, {
        hint: 'destroy it while shorewall is stopped, so that shorewall makes it anew',
      });
    }
    return new SetPlace(commands, set, header);
  }

  /** How many entries there are. One that ends by itself changes it too, at the price of a look. */
  get signature(): string {
    return this.#count;
  }

  async list(run: RunOptions): Promise<readonly ListedEntry[]> {
    const saved = await runHinted(this.#commands, ['ipset', 'save', this.#set], run);
    const entries: ListedEntry[] = [];
    for (const [, printed = '', seconds = '0'] of saved.matchAll(
      /^add \S+ (\S+)(?: timeout ([0-9]+))?/gm,
    )) {
      const remainingMs = Number(seconds) * 1000;
      const target = printedTarget(printed);
      entries.push({ target, remainingMs: remainingMs === 0 ? null : remainingMs });
    }
    return entries;
  }

  /** `-exist` makes an add of what is there set its timeout anew, and a removal of nothing fine. */
  async apply(changes: readonly Change[], run: RunOptions): Promise<ReadonlyMap<Target, string>> {
    const lines = changes.map(({ op, target, timeoutMs }) => {
      if (op === 'remove') return `del ${this.#set} ${target}`;
      if (this.maxTimeoutMs === 0) return `add ${this.#set} ${target}`;
      // Whole seconds, rounded up: a block ends late, never early. 0 is without an end.
      const seconds = timeoutMs === null ? 0 : Math.max(1, Math.ceil(timeoutMs / 1000));
      return `add ${this.#set} ${target} timeout ${seconds}`;
    });
    if (lines.length > 0) {
      const input = `${lines.join('\n')}\n`;
      await runHinted(this.#commands, ['ipset', '-exist', 'restore'], { ...run, input });
      this.#count = countIn(await headerOf(this.#commands, this.#set, run));
    }
    return noneRefused;
  }
}

function headerOf(commands: CommandRunner, set: string, run: RunOptions): Promise<string> {
  return runHinted(commands, ['ipset', 'list', '-t', set], run);
}

function countIn(header: string): string {
  return /^Number of entries: ([0-9]+)$/m.exec(header)?.[1] ?? '';
}

import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type Change,
  CommandError,
  type CommandRunner,
  type ListedEntry,
  type Listing,
  type RunOptions,
  type Target,
  targetParts,
  whyNotEnterable,
} from '@remand/api';
import { claimSets, releaseSets } from './claims.ts';
import { IpsetProgram } from './ipset-program.ts';
import type { Options } from './options.ts';
import { parseSaved } from './saved-set.ts';
import { type Family, type SetShape, type SetWanted, setShape } from './set-shape.ts';

export interface IpsetGiven {
  readonly list: string;
  readonly options: Options;
  readonly commands: CommandRunner;
}

const timeoutMs = 25_000;
/** ipset refuses a longer timeout. */
const mostSeconds = 2_147_483;
/** Of a set that is made here. It takes memory as it fills, not before. */
const mostEntries = 1_048_576;

/** One list: a set or two that others fill too, and that others decide about. */
export class IpsetAction implements Action {
  readonly #given: IpsetGiven;
  readonly #program: IpsetProgram;
  readonly #wanted: readonly SetWanted[];
  readonly #shapes = new Map<Family, SetShape>();
  #exceptions: ReadonlySet<Target> = new Set();

  constructor(given: IpsetGiven) {
    const { set, set6 } = given.options;
    this.#given = given;
    this.#program = new IpsetProgram(given.commands);
    this.#wanted = [
      ...(set === undefined ? [] : [{ name: set, family: 4 } as const]),
      ...(set6 === undefined ? [] : [{ name: set6, family: 6 } as const]),
    ];
  }

  /** What the sets were found to be; `start` and `list` look. */
  get limits(): ActionLimits {
    const shapes = [...this.#shapes.values()];
    const isKnown = shapes.length > 0;
    const maxEntries = shapes.reduce((sum, shape) => sum + shape.maxEntries, 0);
    return {
      families: this.#wanted.map(({ family }) => family),
      ranges: !isKnown || shapes.some(({ ranges }) => ranges),
      maxTimeoutMs: this.#countsDown ? mostSeconds * 1000 : 0,
      ...(isKnown ? { maxEntries } : { provisional: true }),
    };
  }

  async start(signal: AbortSignal): Promise<void> {
    const run = { timeoutMs, signal };
    const names = this.#wanted.map(({ name }) => name);
    claimSets(this.#given.commands, names, this.#given);
    for (const wanted of this.#wanted) await this.#look(wanted, run);
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const run = { timeoutMs, signal };
    for (const wanted of this.#wanted) {
      if (!this.#shapes.has(wanted.family)) await this.#look(wanted, run);
    }
    const reasons = changes.map(({ target }) => whyNotEnterable(target) ?? this.#whyNot(target));
    const usable = changes.filter((_change, index) => reasons[index] === undefined);
    await this.#program.restore(
      usable.flatMap((change) => this.#line(change)),
      run,
    );
    const refused = reasons.flatMap((reason, index) =>
      reason === undefined ? [] : [{ index, reason }],
    );
    return { refused };
  }

  async list(signal: AbortSignal): Promise<Listing> {
    try {
      return { state: 'known', entries: await this.#read({ timeoutMs, signal }) };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { state: 'unavailable', reason: error.message, hint: error.hint ?? '' };
    }
  }

  /** The kernel takes its own entries out of a shared list one by one. */
  async flush(): Promise<void> {}

  async dispose(): Promise<void> {
    releaseSets(this.#given.commands, this.#given);
  }

  /** Where one set counts nothing down, the daemon does it for both. */
  get #countsDown(): boolean {
    return [...this.#shapes.values()].every(({ hasTimeouts }) => hasTimeouts);
  }

  async #look(wanted: SetWanted, run: RunOptions): Promise<void> {
    const { name, family } = wanted;
    let listed = await this.#program.header(name, run);
    if (listed === undefined && this.#given.options.create) {
      await this.#program.restore([`create ${name} ${made(family)}`], run);
      listed = await this.#program.header(name, run);
    }
    if (listed === undefined) throw missing(wanted);
    const type = /^Type: (\S+)$/m.exec(listed)?.[1] ?? 'unknown';
    this.#keep(wanted, type, /^Header: (.*)$/m.exec(listed)?.[1] ?? '');
  }

  async #read(run: RunOptions): Promise<readonly ListedEntry[]> {
    const entries: ListedEntry[] = [];
    const exceptions = new Set<Target>();
    for (const wanted of this.#wanted) {
      const saved = parseSaved((await this.#program.save(wanted.name, run)) ?? '');
      if (!saved) throw missing(wanted);
      this.#keep(wanted, saved.type, saved.header);
      for (const entry of saved.entries) entries.push(entry);
      for (const target of saved.exceptions) exceptions.add(target);
    }
    this.#exceptions = exceptions;
    // An entry that counts down is not ours where the daemon does it, and must not be taken for
    // one without an end.
    return this.#countsDown ? entries : entries.filter(({ remainingMs }) => remainingMs === null);
  }

  #keep(wanted: SetWanted, type: string, header: string): void {
    const { name, family } = wanted;
    const shape = setShape(wanted, type, header);
    if (typeof shape === 'string') {
      throw new CommandError('REFUSED', `the set ${name} ${shape}`, {
        hint: `name a set such as \`ipset create NAME ${made(family)}\` makes, without a mask`,
      });
    }
    this.#shapes.set(family, shape);
  }

  #whyNot(target: Target): string | undefined {
    const { family } = targetParts(target);
    const shape = this.#shapes.get(family);
    if (!shape) return `no set for IPv${family} is named: write \`set${family === 6 ? '6' : ''}\``;
    if (!shape.ranges && target.includes('/')) {
      return `the set ${shape.name} is a hash:ip and holds single addresses: make it a hash:net`;
    }
    if (this.#exceptions.has(target)) {
      return `the set ${shape.name} has ${target} as an exception (nomatch)`;
    }
    return undefined;
  }

  #line({ op, target, timeoutMs: restMs }: Change): readonly string[] {
    const shape = this.#shapes.get(targetParts(target).family);
    if (!shape) return [];
    if (op === 'remove') return [`del ${shape.name} ${target}`];
    // Whole seconds, rounded up: a block ends late, never early. 0 is without an end, also where
    // the set has a timeout of its own for entries that name none.
    const seconds = restMs === null ? 0 : Math.max(1, Math.ceil(restMs / 1000));
    return [`add ${shape.name} ${target}${shape.hasTimeouts ? ` timeout ${seconds}` : ''}`];
  }
}

function made(family: Family): string {
  return `hash:net family inet${family === 6 ? '6' : ''} maxelem ${mostEntries} timeout 0`;
}

function missing({ name, family }: SetWanted): CommandError {
  return new CommandError('REFUSED', `there is no set ${name}`, {
    hint: `\`ipset create ${name} ${made(family)}\`, then a rule that uses it; or \`create: true\``,
  });
}

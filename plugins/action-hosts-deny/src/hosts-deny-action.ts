import {
  type Action,
  type ActionLimits,
  type ApplyResult,
  type CancelTimer,
  type Change,
  type Clock,
  CommandError,
  type Coverage,
  type Listing,
  type Logger,
  printable,
  type Target,
  whyNotEnterable,
} from '@remand/api';
import { type DenyText, parseDeny, withBans, withoutBlock } from './block.ts';
import { DenyFile } from './deny-file.ts';
import type { Options } from './options.ts';

export interface HostsDenyGiven {
  readonly list: string;
  readonly options: Options;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Nothing tells reliably of a change through links and over network file systems. */
const probeEveryMs = 2_000;

/**
 * One list: a marked block in a hosts.deny. The file is read before each change, nothing is taken
 * for granted that an editor may have changed, and written once a batch.
 */
export class HostsDenyAction implements Action {
  readonly limits: ActionLimits = { families: [4, 6], ranges: true, maxTimeoutMs: 0 };
  /** It is asked once, by services of this machine, before they serve a connection. */
  readonly covers: Coverage = {
    hook: 'libwrap',
    local: true,
    forwarded: false,
    established: false,
  };
  readonly #given: HostsDenyGiven;
  readonly #file: DenyFile;
  readonly #path: string;
  readonly #daemons: string;
  #isFlushed = false;
  #foreignTold = '';
  #onLoss: ((what: string) => void) | undefined;

  constructor(given: HostsDenyGiven) {
    this.#given = given;
    this.#path = given.options.path;
    this.#file = new DenyFile(this.#path);
    this.#daemons = given.options.daemons.join(', ');
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#change([], signal);
    this.#isFlushed = false;
  }

  async apply(changes: readonly Change[], signal: AbortSignal): Promise<ApplyResult> {
    const reasons = changes.map(({ target }) => whyNotEnterable(target));
    const usable = changes.filter((_change, index) => reasons[index] === undefined);
    const wasChanged = await this.#change(usable, signal);
    // Now that the file is written anew nobody else would notice that bans are gone.
    if (wasChanged) this.#onLoss?.(`${this.#path} was changed`);
    const refused = reasons.flatMap((reason, index) =>
      reason === undefined ? [] : [{ index, reason }],
    );
    return { refused };
  }

  async list(): Promise<Listing> {
    try {
      const { entries } = this.#parse(this.#file.read());
      const right = [...entries].filter(([, isRight]) => isRight);
      return {
        state: 'known',
        entries: right.map(([target]) => ({ target, remainingMs: null })),
      };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const hint = error.hint ?? `look at ${this.#path}`;
      return { state: 'unavailable', reason: error.message, hint };
    }
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#isFlushed = true;
    await this.#file.edit((text) => withoutBlock(this.#parse(text)), signal);
  }

  watch(onChange: (what: string) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#onLoss = onChange;
    const { clock } = this.#given;
    let cancel: CancelTimer;
    const later = () => {
      cancel = clock.after(probeEveryMs, () => {
        later();
        if (this.#file.isChanged && !this.#isFlushed) onChange(`${this.#path} was changed`);
      });
    };
    later();
    signal.addEventListener('abort', () => cancel(), { once: true });
  }

  /** Of several changes of one target the last counts. */
  #change(changes: readonly Change[], signal: AbortSignal): Promise<boolean> {
    return this.#file.edit((text) => {
      const deny = this.#parse(text);
      const targets = new Set<Target>(deny.entries.keys());
      for (const { op, target } of changes) {
        if (op === 'remove') targets.delete(target);
        else targets.add(target);
      }
      return withBans(deny, targets, this.#daemons);
    }, signal);
  }

  #parse(text: string): DenyText {
    const deny = parseDeny(text, this.#daemons, this.#path);
    this.#tellForeign(deny.foreign);
    return deny;
  }

  #tellForeign(lines: readonly string[]): void {
    const all = lines.join('');
    if (this.#foreignTold === all) return;
    this.#foreignTold = all;
    if (lines.length === 0) return;
    this.#given.logger.warn('foreign-lines', {
      list: this.#given.list,
      lines: lines.length,
      first: printable((lines[0] ?? '').trimEnd()),
      hint: `they are kept, but move them out of the block of remand in ${this.#path}`,
    });
  }
}

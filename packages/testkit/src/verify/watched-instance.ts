import type { PluginPhase, SourceFeed } from '@remand/api';
import { blockingTime } from './blocking-time.ts';
import { Copies } from './copies.ts';
import type { Journal, OpenCall } from './journal.ts';
import type { OwnClock } from './own-clock.ts';
import type { OwnWork } from './own-work.ts';
import { wrongReturn } from './returned.ts';

export interface WatchedInstanceGiven {
  readonly clock: OwnClock;
  readonly work: OwnWork;
  readonly journal: Journal;
  /** What the kernel gives to `create`. */
  readonly use: unknown;
  readonly make: (use: unknown) => object;
}

/** Far more than any line or batch of the trial takes; the daemon itself complains after 20 ms. */
const mostBusyMs = 100;

const phases: Readonly<Record<string, PluginPhase>> = {
  start: 'start',
  stop: 'stop',
  dispose: 'dispose',
};

/** One instance of a plugin: every call into it and out of it is noted. */
export class WatchedInstance {
  /** What the kernel calls. */
  readonly proxy: object;
  readonly clock: OwnClock;
  readonly #given: WatchedInstanceGiven;
  readonly #real: object;
  readonly #copies: Copies;
  #hasStopped = false;

  private constructor(given: WatchedInstanceGiven) {
    this.#given = given;
    this.clock = given.clock;
    this.#copies = new Copies(given.journal);
    this.#real = given.make(this.#copies.of('create', given.use));
    // A proxy of the instance itself could not replace the methods of a frozen one.
    this.proxy = new Proxy(
      {},
      {
        has: (_target, key) => key in this.#real,
        get: (_target, key) => {
          const value: unknown = Reflect.get(this.#real, key);
          if (typeof value !== 'function' || typeof key !== 'string') return value;
          return (...args: readonly unknown[]) => this.#call(key, value, args);
        },
      },
    );
  }

  static made(given: WatchedInstanceGiven): WatchedInstance {
    return new WatchedInstance(given);
  }

  /** Calls a method as the kernel would, if there is one; what goes wrong is noted. */
  async call(method: string, ...args: readonly unknown[]): Promise<void> {
    const found: unknown = Reflect.get(this.proxy, method);
    if (typeof found !== 'function') return;
    try {
      await Reflect.apply(found, undefined, args);
    } catch {
      // It is in the journal.
    }
  }

  get(key: string): unknown {
    return Reflect.get(this.#real, key);
  }

  /** Whether all that was given is still as it was; what is not is noted. */
  compare(): void {
    this.#copies.compare();
  }

  #call(method: string, real: CallableFunction, args: readonly unknown[]): unknown {
    const { journal, work } = this.#given;
    const call: OpenCall = { method, phase: phases[method] ?? 'work' };
    const copies = new Copies(journal);
    const given = args.map((arg) => this.#handed(method, arg, copies));
    const done = () => {
      journal.open.delete(call);
      copies.compare();
      if (method === 'stop' || method === 'dispose') this.#hasStopped = true;
    };
    journal.open.add(call);
    try {
      const { result, busyMs } = blockingTime((): unknown =>
        work.inside(() => Reflect.apply(real, this.#real, given)),
      );
      if (busyMs > mostBusyMs) this.#blocked(call, busyMs);
      if (!(result instanceof Promise)) {
        done();
        this.#returned(call, result);
        return result;
      }
      return result.then(
        (value: unknown) => {
          done();
          this.#returned(call, value);
          return value;
        },
        (error: unknown) => {
          done();
          journal.threw(call, error);
          throw error;
        },
      );
    } catch (error) {
      done();
      journal.threw(call, error);
      throw error;
    }
  }

  /** Nothing else is read, decided or enforced meanwhile. */
  #blocked(call: OpenCall, busyMs: number): void {
    const hint =
      call.method === 'match'
        ? 'anchor the pattern at both ends and give it one reading: its cost must grow with the line, not faster'
        : 'let others work in between, or give the work to a program';
    const message = `${call.method} kept the thread busy for ${Math.round(busyMs)} ms`;
    this.#given.journal.add('PLUGIN_TIMEOUT', call, message, hint);
  }

  #returned(call: OpenCall, value: unknown): void {
    const wrong = wrongReturn(call.method, value);
    if (wrong === undefined) return;
    const hint = 'see what this method promises in @remand/api';
    this.#given.journal.add('PLUGIN_CALL', call, `${call.method} ${wrong}`, hint);
  }

  #handed(method: string, arg: unknown, copies: Copies): unknown {
    if (typeof arg === 'function') {
      return (...args: readonly unknown[]) => this.#out(`the callback of ${method}`, arg, args);
    }
    if (isFeed(arg)) return this.#feed(arg);
    return arg instanceof AbortSignal ? arg : copies.of(method, arg);
  }

  #feed(feed: SourceFeed): SourceFeed {
    return {
      maxLineBytes: feed.maxLineBytes,
      bookmark: (stream) => feed.bookmark(stream),
      push: (batch) => this.#out('feed.push', feed.push, [batch]) as Promise<void>,
      health: (key, report) => void this.#out('feed.health', feed.health, [key, report]),
    };
  }

  #out(what: string, callback: CallableFunction, args: readonly unknown[]): unknown {
    const { journal, work } = this.#given;
    if (this.#hasStopped) {
      journal.add(
        'PLUGIN_LATE',
        { method: what, phase: 'stop' },
        `it called ${what} after its stop had resolved`,
        'stop must end all work before it resolves: clear timers, close what calls back',
      );
      // The kernel would reject, and a plugin that forgot to stop has forgotten to catch.
      return new Promise<never>(() => undefined);
    }
    return work.outside(() => Reflect.apply(callback, undefined, args));
  }
}

function isFeed(value: unknown): value is SourceFeed {
  return typeof value === 'object' && value !== null && 'push' in value && 'bookmark' in value;
}

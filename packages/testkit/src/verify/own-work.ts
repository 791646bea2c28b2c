import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** What can go on by itself, by what Node calls it: https://nodejs.org/api/async_hooks.html */
const kinds: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  FSEVENTWRAP: 'a watch of a file',
  STATWATCHER: 'a watch of a file',
  TCPWRAP: 'a TCP connection',
  TCPSERVERWRAP: 'a TCP server',
  PIPEWRAP: 'a pipe',
  PIPESERVERWRAP: 'a Unix socket',
  UDPWRAP: 'a UDP socket',
  PROCESSWRAP: 'a program',
  WORKER: 'a worker',
  SIGNALWRAP: 'a signal handler',
};

/** Something that a plugin began and did not end. */
export interface LeftWork {
  /** `a timer`, `a program`. */
  readonly what: string;
  /** The place in the source that began it, if it is known. */
  readonly place: string | undefined;
}

interface Resource {
  readonly type: string;
  readonly place: string | undefined;
  readonly handle: object;
}

/**
 * Knows what one plugin begins by itself, beside the clock and the runner that it is given: the
 * asynchronous context tells its work from that of everybody else in this process.
 */
export class OwnWork {
  readonly #context = new AsyncLocalStorage<OwnWork>();
  readonly #resources = new Map<number, Resource>();
  readonly #hook = createHook({
    init: (id, type, _trigger, handle) => {
      if (kinds[type] === undefined || this.#context.getStore() !== this) return;
      this.#resources.set(id, { type, place: callerPlace(), handle });
    },
    destroy: (id) => void this.#resources.delete(id),
  });

  constructor() {
    this.#hook.enable();
  }

  /** Runs a call into the plugin. */
  inside<T>(call: () => T): T {
    return this.#context.run(this, call);
  }

  /** Runs a call out of the plugin: what comes of it is not its own. */
  outside<T>(call: () => T): T {
    return this.#context.exit(call);
  }

  /** What keeps the process alive now; what was told not to (`unref`) is not counted. */
  get left(): readonly LeftWork[] {
    return [...this.#resources.values()]
      .filter(({ handle }) => call(handle, 'hasRef') !== false)
      .map(({ type, place }) => ({ what: kinds[type] ?? type, place }));
  }

  /** Ends what is left, so that the author's tests can end, and stops looking. */
  end(): void {
    this.#hook.disable();
    for (const { type, handle } of this.#resources.values()) {
      // The handle of a Timeout is the timer itself.
      if (type === 'Timeout') clearTimeout(handle as NodeJS.Timeout);
      else call(handle, 'unref');
    }
    this.#resources.clear();
  }
}

/** By its source as well, which a source map names. */
const ours = /testkit[/\\](?:src|dist)[/\\]verify[/\\]/;

/** Where the code stands that called into Node or into the testkit. */
export function callerPlace(): string | undefined {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find(
    (line) => !/\(?node:/.test(line) && !ours.test(line) && /[/\\].*:\d+:\d+/.test(line),
  );
  return /(?:file:\/\/)?([^\s(]+:\d+):\d+\)?$/.exec(frame ?? '')?.[1];
}

function call(handle: object, method: 'hasRef' | 'unref'): unknown {
  const found: unknown = Reflect.get(handle, method);
  return typeof found === 'function' ? Reflect.apply(found, handle, []) : undefined;
}

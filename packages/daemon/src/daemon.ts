import {
  type ControlApi,
  InternalError,
  type Logger,
  PluginError,
  printable,
  reasonOf,
} from '@remand/api';
import type { Kernel } from '@remand/kernel';
import { ControlServer } from './control/control-server.ts';
import type { SocketPlace } from './control/listen.ts';
import type { ReloadOutcome } from './control/protocol.ts';
import { MemoryKeeper } from './memory/memory-keeper.ts';
import { processMemory } from './memory/process-memory.ts';
import type { Neighbours } from './neighbours/neighbours.ts';
import type { ProcessEvents } from './process-events.ts';
import { servedVerbs } from './served-verbs.ts';

export interface DaemonGiven {
  readonly kernel: Kernel;
  readonly logger: Logger;
  readonly socket: SocketPlace;
  readonly events: ProcessEvents;
  /** Looks for other programs that block addresses; `status` tells of them. */
  readonly neighbours?: Neighbours;
  /** Reads the configuration again, and logs what has come of it. */
  readonly reload: () => Promise<ReloadOutcome>;
  /** How long what is under way may take when the daemon ends. */
  readonly drainMs?: number;
}

interface Ending {
  readonly why: string;
  readonly flush?: boolean;
  readonly code: number;
}

/** A kernel with a control socket around it, from its start to its end. */
export class Daemon {
  readonly #given: DaemonGiven;
  readonly #ready = Promise.withResolvers<ControlApi>();
  readonly #ending = Promise.withResolvers<Ending>();
  readonly #server: ControlServer;
  readonly #memory: MemoryKeeper;
  #endsAlready = false;

  constructor(given: DaemonGiven) {
    this.#given = given;
    const { neighbours } = given;
    // Whoever asked while the start failed is told so; with nobody asking it is no event.
    this.#ready.promise.catch(() => undefined);
    this.#memory = new MemoryKeeper({ memory: processMemory, logger: given.logger });
    this.#server = new ControlServer({
      place: given.socket,
      logger: given.logger,
      served: servedVerbs(() => this.#ready.promise, {
        reload: given.reload,
        end: (flush) => this.#end({ why: 'control socket', flush, code: 0 }),
        neighbours: neighbours && ((status) => neighbours.of(status)),
      }),
    });
  }

  /**
   * Starts, serves until somebody ends it, and stops. Call it once.
   * @returns the exit code
   * @throws CommandError when the socket or the state belongs to another daemon
   */
  async run(): Promise<number> {
    const { kernel, logger, events, socket } = this.#given;
    this.#listen();
    try {
      // The socket comes first: a second daemon ends here and has touched nothing.
      await this.#server.start();
      await kernel.start();
      this.#ready.resolve(kernel.control);
    } catch (error) {
      this.#ready.reject(error);
      await kernel.stop();
      await this.#server.stop();
      events.release();
      throw error;
    }
    void this.#given.neighbours?.log(logger);
    logger.info('listening', { socket: socket.path, pid: process.pid });
    this.#memory.start();
    const code = await this.#stop(await this.#ending.promise);
    events.release();
    return code;
  }

  async #stop({ why, flush = false, code }: Ending): Promise<number> {
    const { kernel, logger, drainMs = 10_000 } = this.#given;
    logger.info('stopping', { why, flush });
    this.#memory.stop();
    const inTime = await within(drainMs + 500, kernel.stop({ deadlineMs: drainMs, flush }));
    if (!inTime) logger.error('stop-timed-out', { afterMs: drainMs });
    // Last of all, because a client that asked for the end takes this for it.
    await this.#server.stop();
    logger.info('stopped');
    return inTime ? code : 1;
  }

  #listen(): void {
    const { events, logger } = this.#given;
    events.onTerminate((signal) => {
      if (!this.#endsAlready) return this.#end({ why: signal, code: 0 });
      // What was decided is committed: a start takes up from there.
      logger.warn('forced', { why: `a second ${signal}` });
      void this.#server.stop();
      events.exit(1);
    });
    events.onHangup(() => void this.#reload());
    events.onUncaught((cause) => {
      if (cause instanceof PluginError && cause.code === 'PLUGIN_LATE') {
        // Refused by the kernel, which goes on: the plugin did not catch it.
        const { code, plugin, message: reason } = cause;
        return logger.warn('plugin-late', { code, plugin, reason });
      }
      const error = new InternalError(printable(reasonOf(cause), 500), { cause });
      const stack = cause instanceof Error ? cause.stack : undefined;
      logger.error('internal-error', { reason: error.message, stack });
      this.#end({ why: 'internal error', code: 1 });
    });
  }

  /** Also when the signal comes before the start is over. */
  async #reload(): Promise<void> {
    try {
      await this.#ready.promise;
      await this.#given.reload();
    } catch {
      // Whoever reloads, or starts, has logged it.
    }
  }

  #end(ending: Ending): void {
    this.#endsAlready = true;
    this.#ending.resolve(ending);
  }
}

/** Whether a promise settled in time; a rejection is an end too. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}

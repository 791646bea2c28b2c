import { createHash } from 'node:crypto';
import {
  type CommandStream,
  Gatherer,
  type Health,
  printable,
  RestartDelay,
  reasonOf,
  type SourceFeed,
  type SourceUse,
} from '@remand/api';
import type { CommandSourceGiven } from './command-source.ts';
import { type CommandOptions, sincePlaceholder } from './options.ts';
import { decodePlace, encodePlace, type Place, Resume, stampOf } from './place.ts';

export interface CommandReaderGiven extends Omit<CommandSourceGiven, 'uses'> {
  readonly feed: SourceFeed;
  readonly use: SourceUse<CommandOptions>;
}

/** A line that was printed. */
interface Item {
  readonly line: string;
  readonly live: boolean;
  /** Behind it; undefined without timestamps. */
  readonly place: Place | undefined;
}

const mostWaiting = 4_096;
/** A line that is younger than this was read as it was written. */
const liveMs = 2_000;

/** Keeps a program at work and hands over what it prints. */
export class CommandReader {
  readonly #given: CommandReaderGiven;
  readonly #stream: string;
  readonly #delay = new RestartDelay();
  readonly #stopped = Promise.withResolvers<void>();
  #isStopped = false;
  #place: Place | undefined;
  #child: CommandStream | undefined;
  #work: Promise<void> | undefined;
  #reported: string | undefined;

  constructor(given: CommandReaderGiven) {
    this.#given = given;
    const { feed, use, logger } = given;
    const hash = createHash('sha256').update(JSON.stringify(use.options)).digest('hex');
    this.#stream = `command:${hash.slice(0, 16)}`;
    const text = feed.bookmark(this.#stream);
    if (text === undefined || use.options.timestamps === 'none') return;
    this.#place = decodePlace(text);
    if (!this.#place) logger.warn('bookmark-unreadable', { stream: this.#stream });
  }

  start(): void {
    this.#work = this.#run();
  }

  /** Hands nothing over any more, and ends the program. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve();
    await this.#child?.stop();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#given;
    while (!this.#isStopped) {
      const began = clock.monotonic();
      const health = await this.#read();
      if (this.#isStopped) return;
      this.#report(health);
      if (health.state === 'degraded') logger.debug('command-ended', { reason: health.reason });
      const over = Promise.withResolvers<void>();
      const cancel = clock.after(this.#delay.next(clock.monotonic() - began), over.resolve);
      await Promise.race([over.promise, this.#stopped.promise]);
      cancel();
    }
  }

  /** One life of the program. */
  async #read(): Promise<Health> {
    const { commands, clock, use } = this.#given;
    const hint = 'it is started again; run the same command by hand to see more';
    try {
      const withStderr = use.options.stderr === 'lines';
      const child = commands.stream(this.#argv(), { withStderr });
      this.#child = child;
      const hand = (items: readonly Item[]) => this.#hand(items);
      const gatherer = new Gatherer<Item>({ clock, most: mostWaiting, hand });
      try {
        await this.#take(child, gatherer);
        await gatherer.settled();
      } finally {
        await child.stop();
      }
      const { exitCode, stderr } = await child.exited;
      const code =
        exitCode === null ? 'could not be started, or was killed' : `ended with ${exitCode}`;
      const words = stderr.trim() === '' ? '' : `: ${printable(stderr.trim(), 300)}`;
      return { state: 'degraded', reason: `${this.#label} ${code}${words}`, hint };
    } catch (error) {
      return { state: 'degraded', reason: printable(reasonOf(error), 300), hint };
    } finally {
      this.#child = undefined;
    }
  }

  get #label(): string {
    return printable(this.#given.use.options.argv.join(' '), 120);
  }

  /** With the time of the last line, or as far back as lines matter. */
  #argv(): readonly string[] {
    const { clock, use } = this.#given;
    const from = new Date(Math.max(0, clock.now() - use.lookBackMs)).toISOString();
    const since = this.#place?.time ?? from;
    return use.options.argv.map((arg) => arg.replaceAll(sincePlaceholder, since));
  }

  async #take({ lines }: CommandStream, gatherer: Gatherer<Item>): Promise<void> {
    const { timestamps, program } = this.#given.use.options;
    const resume = new Resume(this.#place);
    let untimedSeen = false;
    for await (const line of lines) {
      if (this.#isStopped) return;
      if (timestamps === 'none') {
        this.#report({ state: 'ok' });
        const text = program === undefined ? line : `${program}: ${line}`;
        await gatherer.add({ line: text, live: true, place: undefined });
        continue;
      }
      const stamp = stampOf(line);
      // Without a time nobody could say whether it was read before.
      if (!stamp) {
        this.#report(untimed(this.#label));
        untimedSeen = true;
        continue;
      }
      if (!untimedSeen) this.#report({ state: 'ok' });
      const place = resume.take(stamp);
      if (!place) continue;
      const ageMs = this.#given.clock.now() - Number(stamp.ns / 1_000_000n);
      const rest = line.slice(stamp.text.length + 1);
      const tag = program === undefined ? '' : `command ${program}: `;
      const text = timestamps === 'keep' ? `${stamp.text} ${tag}${rest}` : rest;
      await gatherer.add({ line: text, live: Math.abs(ageMs) <= liveMs, place });
    }
  }

  async #hand(items: readonly Item[]): Promise<void> {
    const { feed, use } = this.#given;
    const { timeZone, header } = use.options;
    for (const run of runsOf(items)) {
      if (this.#isStopped) return;
      const fitting = run
        .map(({ line }) => Buffer.from(`${line}\n`, 'utf8'))
        .filter(({ length }) => length <= feed.maxLineBytes + 1);
      const place = run.at(-1)?.place;
      await feed.push({
        stream: this.#stream,
        uses: [use.id],
        bytes: Buffer.concat(fitting),
        bookmark: place ? encodePlace(place) : 'none',
        live: run[0]?.live ?? false,
        oversized: run.length - fitting.length,
        header,
        ...(timeZone !== undefined && { timeZone }),
      });
      this.#place = place;
    }
  }

  #report(health: Health): void {
    if (this.#isStopped) return;
    const said = health.state === 'ok' ? 'ok' : health.reason;
    if (said === this.#reported) return;
    this.#reported = said;
    const { feed, use } = this.#given;
    feed.health(this.#stream, { ...health, uses: [use.id], label: this.#label });
  }
}

function untimed(label: string): Health {
  return {
    state: 'degraded',
    reason: `${label} prints lines that do not begin with a time of RFC 3339`,
    hint: 'such lines are passed over: make it print times (--timestamps), or set `timestamps: none`',
  };
}

/** Stretches of lines that count in the same way. */
function runsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const runs: Item[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run && run[0]?.live === item.live) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

import { isIP } from 'node:net';
import {
  type CancelTimer,
  type Health,
  printable,
  reasonOf,
  type SourceFeed,
  type SourceUse,
} from '@remand/api';
import { AllowList } from './allow-list.ts';
import { LineSink } from './line-sink.ts';
import { parseListenAddress } from './listen-address.ts';
import type { Listener, ListenerGiven } from './listener.ts';
import type { SyslogOptions } from './options.ts';
import { Senders } from './senders.ts';
import { StreamListener } from './stream-listener.ts';
import type { SyslogSourceGiven } from './syslog-source.ts';
import { Tally } from './tally.ts';
import { UdpListener } from './udp-listener.ts';
import { clearPath, setMode } from './unix-socket.ts';

export interface EndpointGiven extends Omit<SyslogSourceGiven, 'uses'> {
  readonly feed: SourceFeed;
  readonly use: SourceUse<SyslogOptions>;
}

const retryMs = 5_000;
const lookMs = 10_000;

/** The sockets of one use: opens them until that succeeds, and tells how they fare. */
export class Endpoint {
  readonly #given: EndpointGiven;
  readonly #listeners: readonly Listener[];
  readonly #sink: LineSink;
  readonly #tally: Tally;
  readonly #timers = new Set<CancelTimer>();
  readonly #reported = new Map<string, string>();
  readonly #open = new Set<Listener>();
  #stopped = false;

  constructor(given: EndpointGiven) {
    this.#given = given;
    const { clock, use, feed } = given;
    const { options } = use;
    const names = Object.entries({ udp: options.udp, tcp: options.tcp, unix: options.unix })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${value}`);
    this.#sink = new LineSink({ feed, clock, use, stream: `syslog:${names.join('&')}` });
    this.#tally = new Tally(clock);
    this.#listeners = listenersOf({
      clock,
      options,
      allowed: new AllowList(options.from),
      senders: new Senders(clock, options.maxBytesPerSecond),
      sink: this.#sink,
      tally: this.#tally,
      maxLineBytes: feed.maxLineBytes,
    });
  }

  async start(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => this.#listen(listener)));
    this.#look();
  }

  /** Closes the sockets and hands over what has come. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await this.#sink.stop();
  }

  async #listen(listener: Listener): Promise<void> {
    if (this.#stopped) return;
    try {
      await listener.open((error) => void this.#failed(listener, error));
      this.#open.add(listener);
      if (this.#stopped) return await listener.close();
      this.#report(listener, { state: 'ok' });
    } catch (error) {
      await this.#failed(listener, error);
    }
  }

  async #failed(listener: Listener, error: unknown): Promise<void> {
    this.#open.delete(listener);
    await listener.close();
    this.#report(listener, {
      state: 'degraded',
      reason: `cannot listen on ${printable(listener.label)}: ${printable(reasonOf(error))}`,
      hint: 'it is tried every five seconds; is the port taken by rsyslogd or by another jail?',
    });
    this.#after(retryMs, () => void this.#listen(listener));
  }

  /** Tells of what was turned away. */
  #look(): void {
    const dropped = this.#tally.take();
    const { logger } = this.#given;
    const sockets = this.#listeners.map(({ label }) => label).join(', ');
    if (dropped) logger.warn('syslog-dropped', { sockets, ...dropped });
    for (const listener of this.#open) this.#report(listener, this.#tally.health);
    this.#after(lookMs, () => this.#look());
  }

  #after(ms: number, callback: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#given.clock.after(ms, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  #report({ label }: Listener, health: Health): void {
    const said = JSON.stringify(health);
    if (this.#stopped || this.#reported.get(label) === said) return;
    this.#reported.set(label, said);
    const { feed, use } = this.#given;
    feed.health(label, { ...health, uses: [use.id], label: printable(label) });
  }
}

function listenersOf(given: ListenerGiven): readonly Listener[] {
  const { udp, tcp, unix, unixMode } = given.options;
  const listeners: Listener[] = [];
  const datagrams = udp === undefined ? undefined : parseListenAddress(udp);
  if (datagrams) listeners.push(new UdpListener(datagrams, given));
  const connections = tcp === undefined ? undefined : parseListenAddress(tcp);
  if (connections) {
    const { host, port } = connections;
    const label = `tcp ${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    listeners.push(new StreamListener({ ...given, label, where: { host, port, exclusive: true } }));
  }
  if (unix !== undefined) {
    const before = () => clearPath(unix);
    const after = () => setMode(unix, unixMode);
    const where = { path: unix };
    const label = `socket ${unix}`;
    listeners.push(
      new StreamListener({ ...given, label, where, local: 'this machine', before, after }),
    );
  }
  return listeners;
}

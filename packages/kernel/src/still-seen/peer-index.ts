import type { Target } from '@remand/api';
import { formatRange, parseRange, type Range, withPrefix } from '../address/parse-target.ts';
import type { Connection } from './likely-reason.ts';
import type { TcpSocket } from './tcp-sockets.ts';

/** The sockets of the machine by who is at the other end. */
export class PeerIndex {
  readonly listening: ReadonlySet<number>;
  readonly #peers: readonly { readonly range: Range; readonly connection: Connection }[];
  /** By width, made when the first target of that width is asked for. */
  readonly #byPrefix = new Map<string, ReadonlyMap<Target, readonly Connection[]>>();

  constructor(sockets: readonly TcpSocket[]) {
    this.listening = new Set(
      sockets.filter(({ peer }) => peer === undefined).map(({ port }) => port),
    );
    this.#peers = sockets.flatMap(({ port, isOpen, peer }) => {
      const range = peer === undefined ? undefined : parseRange(peer);
      return range ? [{ range, connection: { port, isOpen } }] : [];
    });
  }

  connectionsOf(target: Target): readonly Connection[] {
    const range = parseRange(target);
    if (!range) return [];
    const width = `${range.family}/${range.prefix}`;
    const index = this.#byPrefix.get(width) ?? this.#index(range);
    this.#byPrefix.set(width, index);
    return index.get(formatRange(range)) ?? [];
  }

  #index({ family, prefix }: Range): ReadonlyMap<Target, readonly Connection[]> {
    const index = new Map<Target, Connection[]>();
    for (const { range, connection } of this.#peers) {
      if (range.family !== family) continue;
      const key = formatRange(withPrefix(range, prefix));
      const known = index.get(key);
      if (known) known.push(connection);
      else index.set(key, [connection]);
    }
    return index;
  }
}

import type { Match, Piece } from '@remand/api';
import type { StoredConversation } from '../ledger/ledger.ts';

/** Attackers open conversations: of more of one stream the longest unheard is forgotten. */
const mostOpen = 10_000;
/** Numbers of processes are used again. */
const forgottenAfterMs = 600_000;
/** An offence waits so long for the address that it is by. */
const offenceWaitsMs = 60_000;
const mostCharacters = 200;

/** Which lines may belong together: those of one filter in one stream. */
export interface ConversationPlace {
  readonly stream: string;
  /** The same over restarts for a filter with the same options. */
  readonly filter: string;
}

/** What is known of one conversation. */
interface Open {
  /** When it was heard last. */
  at: number;
  address?: string | undefined;
  user?: string | undefined;
  /** When an offence was heard whose address is not known. */
  offenceAt?: number | undefined;
}

/**
 * Joins what services say in several lines: the address in one, the verdict in another. Everything
 * follows from the lines and from their times, and what changed goes into the transaction of their
 * bookmark: a daemon that is killed goes on where it was.
 */
export class Conversations {
  readonly #load: (place: ConversationPlace) => Iterable<StoredConversation>;
  readonly #places = new Map<string, Map<string, Open>>();
  readonly #changed = new Map<string, ConversationPlace & { readonly name: string }>();

  /** @param load those that were committed at a place; called once for each */
  constructor(load: (place: ConversationPlace) => Iterable<StoredConversation> = () => []) {
    this.#load = load;
  }

  /**
   * Adds a piece. @param within what the name of the conversation is unique in: a host
   * @returns the match that it completes
   */
  hear(place: ConversationPlace, piece: Piece, within: string, at: number): Match | undefined {
    const all = this.#at(place);
    const name = `${within} ${piece.conversation}`.slice(0, mostCharacters);
    this.#forgetOld(place, all, at);
    const before = all.get(name);
    // Another address under the same name: somebody else, who did nothing yet.
    const isOther = piece.address !== undefined && before?.address !== undefined;
    const open: Open = before && !isOther ? { ...before, at } : { at };
    if (piece.address !== undefined) open.address = piece.address.slice(0, mostCharacters);
    if (piece.user !== undefined) open.user = piece.user.slice(0, mostCharacters);
    if (piece.offence) open.offenceAt = at;
    const match = matchOf(open, at);
    if (match || open.address !== undefined) delete open.offenceAt;
    all.delete(name);
    if (!piece.ends) all.set(name, open);
    if (before || !piece.ends) this.#change(place, name);
    if (all.size > mostOpen) {
      const [oldest] = all.keys();
      if (oldest !== undefined) this.#forget(place, all, oldest);
    }
    return match;
  }

  /** What changed since it was asked last, to be committed with the bookmarks of the lines. */
  takeChanges(): readonly StoredConversation[] {
    if (this.#changed.size === 0) return none;
    const changes = [...this.#changed.values()].map(({ stream, filter, name }) => {
      const open = this.#at({ stream, filter }).get(name);
      return { stream, filter, name, at: open?.at ?? 0, value: open ? JSON.stringify(open) : null };
    });
    this.#changed.clear();
    return changes;
  }

  #at(place: ConversationPlace): Map<string, Open> {
    const key = JSON.stringify([place.stream, place.filter]);
    const known = this.#places.get(key);
    if (known) return known;
    const stored = [...this.#load(place)].toSorted((one, other) => one.at - other.at);
    const fresh = new Map(
      stored.flatMap(({ name, value }) => (value === null ? [] : [[name, openOf(value)] as const])),
    );
    this.#places.set(key, fresh);
    return fresh;
  }

  #forgetOld(place: ConversationPlace, all: Map<string, Open>, at: number): void {
    for (const [name, open] of all) {
      if (Math.abs(at - open.at) < forgottenAfterMs) return;
      this.#forget(place, all, name);
    }
  }

  #forget(place: ConversationPlace, all: Map<string, Open>, name: string): void {
    all.delete(name);
    this.#change(place, name);
  }

  #change({ stream, filter }: ConversationPlace, name: string): void {
    this.#changed.set(JSON.stringify([stream, filter, name]), { stream, filter, name });
  }
}

const none: readonly StoredConversation[] = [];

function matchOf({ address, user, offenceAt }: Open, at: number): Match | undefined {
  if (address === undefined || offenceAt === undefined) return undefined;
  if (Math.abs(at - offenceAt) > offenceWaitsMs) return undefined;
  return user === undefined ? { address } : { address, user };
}

/** What `takeChanges` wrote. */
function openOf(value: string): Open {
  return JSON.parse(value) as Open;
}

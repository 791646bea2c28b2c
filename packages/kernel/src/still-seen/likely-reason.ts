import type { Coverage, StillSeenCause, Target } from '@remand/api';
import { parseRange } from '../address/parse-target.ts';
import { isPrivate } from './is-private.ts';

/** What is known of a banned address that is still seen. */
export interface Sighting {
  readonly target: Target;
  /** The lists that should block it; those that only observe are left out. */
  readonly lists: readonly SightedList[];
  /** Its connections to this machine; undefined where they cannot be looked at. */
  readonly connections: readonly Connection[] | undefined;
  /** The TCP ports that this machine listens on; undefined likewise. */
  readonly listening: ReadonlySet<number> | undefined;
  /** How many other addresses of these lists are still seen as well. */
  readonly others: number;
}

export interface SightedList {
  readonly list: string;
  /** Why it does not block the address now. */
  readonly trouble?: string;
  /** Somebody else changed it within the last minutes. */
  readonly isChanged: boolean;
  readonly covers?: Coverage;
}

export interface Connection {
  /** The TCP port of this machine. */
  readonly port: number;
  /** False for one that is being closed, or was a moment ago. */
  readonly isOpen: boolean;
}

export interface LikelyReason {
  readonly cause: StillSeenCause;
  readonly reason: string;
  readonly hint: string;
}

type Rule = (sighting: Sighting) => LikelyReason | undefined;

/** So many at once are no coincidence. */
const several = 3;

/** Why a banned address is most likely still seen. What is proven comes before what is guessed. */
export function likelyReason(sighting: Sighting): LikelyReason {
  for (const rule of rules) {
    const found = rule(sighting);
    if (found) return found;
  }
  return {
    cause: 'proxy',
    reason:
      'the lists cover it, so probably a proxy is in front of the service: the log names the client, the packets come from the proxy',
    hint: 'block it at the proxy, or let the log name the peer; if there is no proxy, look at `nft list ruleset` for what accepts it before remand is asked',
  };
}

const rules: readonly Rule[] = [
  notEnforced,
  changed,
  behindProxy,
  uncoveredPort,
  uncoveredPath,
  openConnection,
  deafPort,
  otherPath,
  many,
];

function notEnforced({ lists }: Sighting): LikelyReason | undefined {
  const down = lists.find(({ trouble }) => trouble !== undefined);
  return (
    down && {
      cause: 'not-enforced',
      reason: `${down.list} does not block it any more: ${down.trouble}`,
      hint: '`remand status` says what the list needs',
    }
  );
}

function changed({ lists }: Sighting): LikelyReason | undefined {
  const list = lists.find(({ isChanged }) => isChanged);
  return (
    list && {
      cause: 'changed',
      reason: `probably somebody else keeps changing the firewall: ${list.list} had to be repaired a short time ago`,
      hint: 'find what reloads or flushes the firewall, and have it leave remand alone',
    }
  );
}

/** An address of a private network is rarely an attacker's own. */
function behindProxy({ target }: Sighting): LikelyReason | undefined {
  const range = parseRange(target);
  if (!range || !isPrivate(range)) return undefined;
  return {
    cause: 'proxy',
    reason:
      'it is a private address, so probably a proxy, a load balancer or a NAT of your own that the attack comes through',
    hint: 'let the service log the true client (X-Forwarded-For, PROXY protocol), and put the proxy into `neverBan`',
  };
}

function uncoveredPort({ connections, lists }: Sighting): LikelyReason | undefined {
  const isCovered = ({ port }: Connection) => lists.some((list) => coversPort(list, port));
  if (!connections?.[0] || connections.some(isCovered)) return undefined;
  const [{ port }] = connections;
  const isPortNamed = lists.some(({ covers }) => hasPort(covers, port));
  return {
    cause: 'wrong-port',
    reason: `probably the wrong port: it is connected to tcp port ${port}, and ${portsOf(lists)}`,
    hint: isPortNamed
      ? 'set `protocol` of the action to `tcp` or `both`'
      : `add ${port} to \`ports\` of the action, or leave \`ports\` out`,
  };
}

function uncoveredPath({ connections, lists }: Sighting): LikelyReason | undefined {
  const [first] = connections ?? [];
  if (!first || !lists.every(({ covers }) => covers?.local === false)) return undefined;
  return {
    cause: 'wrong-hook',
    reason: `probably the wrong hook: it is connected to port ${first.port} of this machine, and ${hooksOf(lists)}`,
    hint: 'use a hook that packets to this machine pass: the default of the action',
  };
}

function openConnection({ connections, lists, others }: Sighting): LikelyReason | undefined {
  const open = connections?.find(({ isOpen }) => isOpen);
  if (!open || others >= several) return undefined;
  const cuts = lists.some(({ covers }) => covers?.established === true);
  return {
    cause: 'established',
    reason: `probably an established connection: one to port ${open.port} is still open`,
    hint: cuts
      ? 'it is cut off and ends when the service gives it up; `ss -K` ends it now'
      : 'end it with `ss -K`; the list stops new connections only',
  };
}

/** The service is somewhere else if nobody listens where the lists look. */
function deafPort({ listening, lists }: Sighting): LikelyReason | undefined {
  if (!listening || listening.size === 0 || !lists.every(({ covers }) => covers?.ports)) {
    return undefined;
  }
  const ports = [...listening];
  if (ports.some((port) => lists.some((list) => coversPort(list, port)))) return undefined;
  return {
    cause: 'wrong-port',
    reason: `probably the wrong port: ${portsOf(lists)}, where nothing listens on this machine`,
    hint: 'give `ports` the port that the service is reached at, or leave `ports` out',
  };
}

function otherPath({ lists }: Sighting): LikelyReason | undefined {
  const isAll = (what: 'local' | 'forwarded') =>
    lists.every(({ covers }) => covers?.[what] === false);
  if (!isAll('local') && !isAll('forwarded')) return undefined;
  const where = isAll('local')
    ? 'the service is on this machine'
    : 'the service is in a container or on another host behind this one';
  return {
    cause: 'wrong-hook',
    reason: `probably the wrong hook: ${hooksOf(lists)}, and ${where}`,
    hint: 'use a hook that those packets pass: the default of the action passes both',
  };
}

function many({ others, lists }: Sighting): LikelyReason | undefined {
  if (others < several) return undefined;
  const names = lists.map(({ list }) => list).join(', ');
  return {
    cause: 'wrong-hook',
    reason: `probably its packets do not meet ${names}: ${others} other banned addresses are still seen too`,
    hint: 'is there a proxy or CDN in front, a flowtable, or an XDP program? Is the service in another network namespace?',
  };
}

function coversPort({ covers }: SightedList, port: number): boolean {
  if (covers?.protocols?.includes('tcp') === false) return false;
  return covers?.ports === undefined || hasPort(covers, port);
}

function hasPort(covers: Coverage | undefined, port: number): boolean {
  return covers?.ports?.some(({ from, to }) => from <= port && port <= to) === true;
}

function portsOf(lists: readonly SightedList[]): string {
  const all = lists.map(({ list, covers }) => {
    const protocols = covers?.protocols?.join(' and ');
    const ports = covers?.ports?.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
    const what = [protocols, ports?.join(', ')].filter(Boolean).join(' ');
    return `${list} blocks only ${what}`;
  });
  return all.join(', ');
}

function hooksOf(lists: readonly SightedList[]): string {
  const all = lists.map(({ list, covers }) => {
    const what = covers?.local === false ? 'what is forwarded' : 'what is for this machine itself';
    return `${list} (hook ${covers?.hook}) looks only at ${what}`;
  });
  return all.join(', ');
}

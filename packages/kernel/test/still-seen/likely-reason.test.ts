import type { Coverage } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { likelyReason, type Sighting } from '../../src/still-seen/likely-reason.ts';

const all: Coverage = { hook: 'prerouting', local: true, forwarded: true, established: true };
const ports = (from: number, to = from): Coverage => ({
  ...all,
  ports: [{ from, to }],
  protocols: ['tcp'],
});
const list = (covers?: Coverage) => [{ list: 'nftables/sshd', isChanged: false, covers }];
const open = (port: number) => [{ port, isOpen: true }];

/** A list that covers everything, and nothing is known of the machine. */
function sighting(given: Partial<Record<keyof Sighting, unknown>>): Sighting {
  const base = { target: '198.51.100.1', lists: list(all), others: 0 };
  return { ...base, connections: undefined, listening: undefined, ...given } as Sighting;
}

describe(likelyReason.name, () => {
  it.each<[string, Partial<Record<keyof Sighting, unknown>>, string, RegExp]>([
    [
      'a list that was flushed, before all else',
      { lists: [{ ...list(ports(22))[0], trouble: 'it was flushed' }], connections: open(80) },
      'not-enforced',
      /^nftables\/sshd does not block it any more: it was flushed$/,
    ],
    [
      'a list that others change',
      { lists: [{ ...list(all)[0], isChanged: true }] },
      'changed',
      /nftables\/sshd had to be repaired/,
    ],
    ['a private address', { target: '10.1.2.3' }, 'proxy', /private address/],
    ['a private v6 network', { target: 'fd00:1:2:3::/64' }, 'proxy', /private address/],
    [
      'a connection to a port beside the list',
      { lists: list(ports(2222)), connections: [{ port: 22, isOpen: false }] },
      'wrong-port',
      /connected to tcp port 22, and nftables\/sshd blocks only tcp 2222$/,
    ],
    [
      'a tcp connection and a list for udp',
      { lists: list({ ...ports(22), protocols: ['udp'] }), connections: open(22) },
      'wrong-port',
      /blocks only udp 22$/,
    ],
    [
      'a connection in a range of the list',
      { lists: list(ports(20, 30)), connections: open(22) },
      'established',
      /one to port 22 is still open/,
    ],
    [
      'one connection beside the list and one in it',
      { lists: list(ports(22)), connections: [...open(443), ...open(22)] },
      'established',
      /still open/,
    ],
    [
      'a connection that another list covers',
      { lists: [...list(ports(2222)), { ...list(all)[0], list: 'other' }], connections: open(22) },
      'established',
      /still open/,
    ],
    [
      'a connection to this machine and a list for what is forwarded',
      { lists: list({ ...all, hook: 'forward', local: false }), connections: open(22) },
      'wrong-hook',
      /nftables\/sshd \(hook forward\) looks only at what is forwarded$/,
    ],
    [
      'ports where nothing listens',
      { lists: list(ports(2222)), connections: [], listening: new Set([22, 80]) },
      'wrong-port',
      /blocks only tcp 2222, where nothing listens/,
    ],
    [
      'a list for this machine, and nobody is connected to it',
      { lists: list({ ...all, hook: 'input', forwarded: false }), connections: [] },
      'wrong-hook',
      /hook input\) looks only at what is for this machine itself, and the service is in a container/,
    ],
    [
      'many at once',
      { others: 3, connections: open(22) },
      'wrong-hook',
      /3 other banned addresses are still seen too/,
    ],
    ['an action that says nothing', { lists: list(undefined) }, 'proxy', /probably a proxy/],
    [
      'a port where something listens',
      { lists: list(ports(22)), connections: [], listening: new Set([22]) },
      'proxy',
      /probably a proxy/,
    ],
  ])('finds %s', (_what, given, cause, reason) => {
    const found = likelyReason(sighting(given));

    expect(found.cause).toBe(cause);
    expect(found.reason).toMatch(reason);
    expect(found.hint).not.toBe('');
  });

  it.each<[string, Coverage, RegExp]>([
    ['another port', ports(2222), /^add 22 to `ports`/],
    ['the port for udp', { ...ports(22), protocols: ['udp'] }, /^set `protocol`/],
  ])('says what to change of a list that covers %s', (_what, covers, hint) => {
    const found = likelyReason(sighting({ lists: list(covers), connections: open(22) }));

    expect(found.hint).toMatch(hint);
  });
});

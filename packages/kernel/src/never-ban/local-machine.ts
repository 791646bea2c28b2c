import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { MachineView } from '../kernel-contract.ts';
import { tcpSockets } from '../still-seen/tcp-sockets.ts';
import { loginPeers } from './login-peers.ts';

/** Looks at the machine that this process runs on. What a platform does not have is left out. */
export const localMachine: MachineView = {
  async protectedAddresses() {
    const [gateways, gateways6, resolvers, peers] = await Promise.all([
      readIfThere('/proc/net/route', gatewaysOf),
      readIfThere('/proc/net/ipv6_route', gateways6Of),
      readIfThere('/etc/resolv.conf', resolversOf),
      loginPeers(),
    ]);
    return [
      ...ownAddresses().map((address) => ({ address, why: 'an address of this machine' })),
      ...[...gateways, ...gateways6].map((address) => ({ address, why: 'the default gateway' })),
      ...resolvers.map((address) => ({ address, why: 'a resolver of this machine' })),
      ...peers.map((address) => ({ address, why: 'the peer of a logged-in session' })),
    ];
  },

  async resolve(name) {
    const answers = await lookup(name, { all: true });
    return answers.map(({ address }) => address);
  },

  tcpSockets,
};

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
}

/** proc(5): the gateway is hexadecimal in host byte order, the flag 0x2 says that it is one. */
function gatewaysOf(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [, destination, gateway, flags] = line.split('\t');
    if (destination !== '00000000' || (Number.parseInt(flags ?? '0', 16) & 2) === 0) return [];
    const value = Number.parseInt(gateway ?? '0', 16);
    return [[value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255].join('.')];
  });
}

/** proc(5): destination, its width, source, its width, next hop, all hexadecimal. */
function gateways6Of(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [destination, width, , , hop] = line.split(/ +/);
    if (!/^0{32}$/.test(destination ?? '') || width !== '00' || /^0{32}$/.test(hop ?? '0'))
      return [];
    return [(hop ?? '').replace(/(.{4})(?!$)/g, '$1:')];
  });
}

/** resolv.conf(5). */
function resolversOf(text: string): string[] {
  return [...text.matchAll(/^nameserver[ \t]+([^ \t\n]+)/gm)].map(([, address]) => address ?? '');
}

async function readIfThere(
  path: string,
  read: (text: string) => string[],
): Promise<readonly string[]> {
  try {
    return read(await readFile(path, 'utf8'));
  } catch {
    // Another platform, or no permission: then this machine has nothing to tell here.
    return [];
  }
}

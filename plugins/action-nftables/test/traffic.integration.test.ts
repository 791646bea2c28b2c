import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { NftablesAction } from '../src/nftables-action.ts';
import { options } from '../src/options.ts';

const signal = AbortSignal.timeout(600_000);
const v4 = { server: '192.0.2.1', attacker: '192.0.2.2', neighbour: '192.0.2.3', bits: 24 };
const v6 = {
  server: '2001:db8:0:1::1',
  attacker: '2001:db8:0:2::2',
  neighbour: '2001:db8:0:3::2',
  bits: 48,
};

needs(
  'root',
  'ip',
  'nft',
  'nc',
)('what a blocked sender sees', () => {
  let host: Namespace;
  let peer: Namespace;

  beforeEach(async () => {
    host = new Namespace();
    peer = new Namespace();
    host.exec(
      'ip',
      'link',
      'add',
      'wire',
      'type',
      'veth',
      'peer',
      'name',
      'wire',
      'netns',
      peer.name,
    );
    for (const { server, attacker, neighbour, bits } of [v4, v6]) {
      address(host, server, bits);
      address(peer, attacker, bits);
      address(peer, neighbour, bits);
    }
    for (const place of [host, peer]) place.exec('ip', 'link', 'set', 'wire', 'up');
    for (const port of ['22', '80']) {
      host.commands.stream(['nc', '-lkn', '0.0.0.0', port]);
      host.commands.stream(['nc', '-6lkn', '::', port]);
    }
    // The first neighbour solicitations can be lost.
    for (const [net, from] of [
      [v4, 'attacker'],
      [v4, 'neighbour'],
      [v6, 'attacker'],
      [v6, 'neighbour'],
    ] as const) {
      for (const port of [22, 80]) {
        await expect.poll(() => connect(net, from, port), { timeout: 10_000 }).toBe('open');
      }
    }
  });

  afterEach(async () => {
    await host.remove();
    await peer.remove();
  });

  function address(place: Namespace, one: string, bits: number): void {
    place.exec(
      'ip',
      'address',
      'add',
      `${one}/${bits}`,
      'dev',
      'wire',
      ...(bits > 32 ? ['nodad'] : []),
    );
  }

  function connect(
    net: typeof v4 | typeof v6,
    from: 'attacker' | 'neighbour',
    port: number,
  ): 'open' | 'refused' | 'silent' {
    try {
      peer.exec('nc', '-nvz', '-w', '1', '-s', net[from], net.server, String(port));
      return 'open';
    } catch (error) {
      return String(error).includes('refused') ? 'refused' : 'silent';
    }
  }

  async function block(given: unknown): Promise<void> {
    const action = new NftablesAction({
      list: 'nftables/sshd',
      options: options.parse(given),
      commands: host.commands,
      clock: realClock,
      logger: memoryLogger(),
    });
    await action.start(signal);
    const targets = [v4.attacker, '2001:db8:0:2::/64'];
    await action.apply(
      targets.map((target) => ({ op: 'add', target, timeoutMs: 60_000 })),
      signal,
    );
  }

  it.each([
    [{}, 'silent', 'silent'],
    [{ block: 'reject' }, 'refused', 'refused'],
    [{ ports: [22] }, 'silent', 'open'],
    [{ ports: ['20-30'], block: 'reject', protocol: 'both' }, 'refused', 'open'],
    [{ ports: [22], protocol: 'udp' }, 'open', 'open'],
  ])('with %j: port 22 %s, port 80 %s, and open to others', async (given, ssh, web) => {
    await block(given);

    for (const net of [v4, v6]) {
      expect(connect(net, 'attacker', 22)).toBe(ssh);
      expect(connect(net, 'attacker', 80)).toBe(web);
      expect(connect(net, 'neighbour', 22)).toBe('open');
    }
  });
});

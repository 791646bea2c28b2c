import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import type { Daemon } from './support/daemon.ts';
import { Gateway } from './support/gateway.ts';
import { addresses } from './support/network.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker } = addresses;

needs(
  'root',
  'ip',
  'nft',
  'nc',
  'sysctl',
)('escalation between real hosts', () => {
  let gateway: Gateway;
  let daemon: Daemon;

  beforeEach(async () => {
    gateway = await Gateway.open();
    daemon = gateway.daemon;
  });

  afterEach(() => gateway.close());

  async function banOnce(): Promise<void> {
    for (let count = 0; count < 3; count++) daemon.attack(attacker.host);
    await daemon.waitForBan(attacker.host);
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'goes on blocking on the lists of the jail, over %s',
    async (signal) => {
      daemon.configure(
        '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], maxRetry: 3, banTime: 4s }',
        'escalation:\n  - { name: repeat-offender, after: 3, within: 1w, banTime: 1w }',
      );
      await daemon.start();

      for (const round of [1, 2]) {
        await banOnce();
        expect(gateway.isOpen(), `ban ${round}`).toBe(false);
        await daemon.waitForBan(attacker.host, false);
        await waitFor('the attacker to be let in', gateway.isOpen);
        await daemon.end(signal);
        await daemon.start();
      }
      await banOnce();
      expect(await daemon.holders(attacker.host)).toEqual(['repeat-offender', 'sshd']);
      await daemon.end(signal);
      await daemon.start();
      await waitFor(
        'the ban of the jail to end',
        async () => (await daemon.holders(attacker.host)).length === 1,
      );

      expect(await daemon.holders(attacker.host)).toEqual(['repeat-offender']);
      expect(gateway.isOpen()).toBe(false);
      const [ban] = await daemon.bans();
      expect(ban?.enforced).toBe(true);
      expect(Date.parse(ban?.until ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);
      const { events, holds } = await daemon.why(attacker.host);
      expect(events.filter(({ kind }) => kind === 'escalate')).toMatchObject([
        { holder: 'repeat-offender', counted: 3, reason: '3 bans within 1w' },
      ]);
      expect(holds).toMatchObject([{ holder: 'repeat-offender', lists: [{ enforced: true }] }]);

      const lifted = await daemon.cli('unban', attacker.host, '--jail', 'repeat-offender');
      expect(lifted.code).toBe(0);
      await waitFor('the attacker to be let in', gateway.isOpen);
    },
  );
});

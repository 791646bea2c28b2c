import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { Network } from './support/network.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

needs(
  'root',
  'ip',
  'nft',
  'sysctl',
)('remand reload', () => {
  let network: Network;

  beforeAll(() => {
    network = new Network();
  });
  afterAll(() => network?.remove());

  async function withDaemon(jails: string, work: (daemon: Daemon) => Promise<void>) {
    const daemon = new Daemon(network.argv('firewall'));
    try {
      daemon.configure(jails);
      await daemon.start();
      await work(daemon);
      await daemon.cli('stop', '--flush');
    } finally {
      await daemon.remove();
    }
  }

  /** Whether a set of the table holds an address. */
  const blocks = (list: string, address: string): boolean => {
    try {
      const set = `ban-${list}-v4_32`;
      return network
        .exec('firewall', 'nft', 'list', 'set', 'inet', 'remand', set)
        .includes(address);
    } catch {
      return false;
    }
  };
  const tables = () => network.exec('firewall', 'nft', 'list', 'ruleset');

  const jail = (name: string, more = '') =>
    `  ${name}: { filter: sshd, sources: [LOG], findTime: 1h, maxRetry: 3, banTime: 1h, ${more} }`;
  const on = (list: string, more = '') => `actions: [{ nftables: { name: ${list}, ${more} } }]`;
  const fail = (daemon: Daemon, address: string, times = 1) =>
    appendFileSync(daemon.log, failedPassword(address).repeat(times));

  const hangUp = ({ pid }: Daemon) => {
    if (pid === undefined) throw new Error('no daemon runs');
    process.kill(pid, 'SIGHUP');
  };

  it('keeps counters and bans, moves a list, and empties the old one last', async () => {
    await withDaemon(jail('sshd', on('old')), async (daemon) => {
      const [banned, counted] = ['203.0.113.81', '203.0.113.82'];
      fail(daemon, banned, 3);
      fail(daemon, counted, 2);
      await daemon.waitForBan(banned);
      await waitFor('all lines', async () => (await daemon.status()).jails[0]?.offences === 5);
      expect(blocks('old', banned)).toBe(true);

      daemon.configure(jail('sshd', on('new')));
      const answer = await daemon.cli('reload', '--json');

      expect(answer.code).toBe(0);
      expect(JSON.parse(answer.stdout)).toMatchObject({
        reloaded: true,
        lists: { added: ['nftables/new'], changed: [], removed: ['nftables/old'] },
        sources: { added: [], changed: [], removed: [] },
        emptied: [{ list: 'nftables/old', removed: true }],
      });
      expect(blocks('new', banned)).toBe(true);
      expect(tables()).not.toContain('ban-old');
      fail(daemon, counted);
      await daemon.waitForBan(counted);
      expect(blocks('new', counted)).toBe(true);
    });
  });

  it('refuses a faulty file with every mistake, by verb and by signal', async () => {
    await withDaemon(jail('sshd', on('same')), async (daemon) => {
      fail(daemon, '203.0.113.81', 2);
      await waitFor('all lines', async () => (await daemon.status()).jails[0]?.offences === 2);
      const good = readFileSync(daemon.rc, 'utf8');
      writeFileSync(
        daemon.rc,
        good.replace('maxRetry: 3', 'maxRetry: three').replace('filter: sshd', 'filter: sshhd'),
      );

      const answer = await daemon.cli('reload');
      const checked = await daemon.cli('check');
      hangUp(daemon);
      await waitFor(
        'the signal to be answered',
        () => daemon.output.match(/reload-refused/g)?.length === 2,
      );

      expect(answer.code).toBe(2);
      const mistakes = (text: string) => text.split('\n').filter((line) => line.startsWith('✗'));
      expect(mistakes(answer.stdout)).not.toEqual([]);
      expect(mistakes(answer.stdout)).toEqual(mistakes(checked.stdout));
      expect(answer.stdout).toMatch(/remand\.yaml:\d+:\d+ {2}jails\.sshd\.maxRetry/);
      expect(daemon.output).toMatch(/reload-problem .*remand\.yaml:\d+:\d+/);
      writeFileSync(daemon.rc, `${good}\nneverBan: [`);
      const broken = await daemon.cli('reload');
      expect(broken).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/remand\.yaml:\d+:\d+.*\n.*nothing has changed/),
      });
      writeFileSync(daemon.rc, good);
      fail(daemon, '203.0.113.81');
      await daemon.waitForBan('203.0.113.81');
      writeFileSync(daemon.rc, good.replace('maxRetry: 3', 'maxRetry: 1'));
      hangUp(daemon);
      await waitFor('the reload', () => / reloaded /.test(daemon.output));
      fail(daemon, '203.0.113.89');
      await daemon.waitForBan('203.0.113.89');
    });
  });

  it('changes the rules of a list without opening it', async () => {
    await withDaemon(jail('sshd', on('same', 'block: drop')), async (daemon) => {
      fail(daemon, '203.0.113.81', 3);
      await daemon.waitForBan('203.0.113.81');
      let opened = 0;
      let stop = false;
      const watching = (async () => {
        while (!stop) {
          if (!blocks('same', '203.0.113.81')) opened++;
          await sleep(1);
        }
      })();

      daemon.configure(jail('sshd', on('same', 'block: reject')));
      const answer = await daemon.cli('reload', '--json');
      await waitFor('the rules to change', () => tables().includes('reject'));
      stop = true;
      await watching;

      expect(JSON.parse(answer.stdout)).toMatchObject({ lists: { changed: ['nftables/same'] } });
      expect(opened).toBe(0);
      expect(tables()).not.toMatch(/@ban-same-v4_32 drop/);
    });
  });

  it('says what only a restart can change', async () => {
    await withDaemon(jail('sshd', on('same')), async (daemon) => {
      const good = readFileSync(daemon.rc, 'utf8');
      writeFileSync(daemon.rc, good.replace('/state }', '/elsewhere }'));

      const answer = await daemon.cli('reload');

      expect(answer).toMatchObject({ code: 2, stdout: expect.stringContaining('restart remand') });
      writeFileSync(daemon.rc, good);
    });
  });

  it('enforces again what was flushed', async () => {
    await withDaemon(jail('sshd', on('same')), async (daemon) => {
      fail(daemon, '203.0.113.81', 3);
      await daemon.waitForBan('203.0.113.81');
      await daemon.cli('flush');
      expect(blocks('same', '203.0.113.81')).toBe(false);

      expect((await daemon.cli('reload')).code).toBe(0);

      await waitFor('the ban to be enforced', () => blocks('same', '203.0.113.81'));
    });
  });

  /** Three lines for each of many addresses, in rounds, while something happens to the daemon. */
  async function underLoad(daemon: Daemon, happens: (round: number) => Promise<void>) {
    const hosts = Array.from({ length: 120 }, (_, n) => `198.18.0.${n + 1}`);
    for (let round = 0; round < 3; round++) {
      const happening = happens(round);
      for (let at = 0; at < hosts.length; at += 4) {
        const lines = hosts.slice(at, at + 4).map((host) => failedPassword(host));
        appendFileSync(daemon.log, lines.join(''));
        await sleep(2);
      }
      await happening;
    }
    await waitFor('every ban', async () => (await daemon.bans()).length === hosts.length);
    await waitFor('everything to be enforced', async () =>
      (await daemon.bans()).every(({ enforced }) => enforced),
    );
    return hosts;
  }

  it('loses no line and counts none twice while lines are being written', async () => {
    await withDaemon(jail('sshd', on('a')), async (daemon) => {
      const variants = [
        jail('sshd', on('b')),
        `${jail('sshd', on('a'))}\n${jail('more', `${on('a')}, observe: true`)}`,
        // Another source option: the reader of the file is replaced.
        jail('sshd', on('c')).replace('[LOG]', '[{ file: { paths: [LOG], timeZone: UTC } }]'),
        jail('sshd', on('b')),
      ];
      let turn = 0;

      const hosts = await underLoad(daemon, async () => {
        for (let times = 0; times < 3; times++) {
          daemon.configure(variants[turn++ % variants.length] ?? '');
          if (turn % 2 === 0) hangUp(daemon);
          else expect((await daemon.cli('reload')).code).toBe(0);
        }
      });

      const [status] = (await daemon.status()).jails;
      expect(status).toMatchObject({ name: 'sshd', offences: hosts.length * 3, banned: 120 });
    });
  });

  it('is whole after kill -9 in the middle of it', async () => {
    await withDaemon(jail('sshd', on('a')), async (daemon) => {
      const lists = ['b', 'c', 'd'];

      await underLoad(daemon, async (round) => {
        daemon.configure(jail('sshd', on(lists[round] ?? '')));
        const reloading = daemon.cli('reload');
        await sleep(100 + Math.random() * 250);
        await daemon.end('SIGKILL');
        await reloading;
        await daemon.start();
      });

      await waitFor('the old lists to be emptied', () => !/ban-[abc]\b/.test(tables()));
      expect(
        network.exec('firewall', 'nft', 'list', 'set', 'inet', 'remand', 'ban-d-v4_32'),
      ).toContain('198.18.0.120');
      for (const host of ['198.18.0.1', '198.18.0.60', '198.18.0.120']) {
        const { events } = await daemon.why(host);
        expect(events.filter(({ kind }) => kind === 'offence')).toHaveLength(3);
      }
      const { lists: shown } = await daemon.status();
      expect(shown).toMatchObject([{ list: 'nftables/d', state: 'ok', enforced: 120 }]);
    });
  });
});

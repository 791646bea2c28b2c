import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BanReport } from '@remand/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { type Program, systemPath } from '../support/programs.ts';
import { Daemon } from './support/daemon.ts';
import { Gateway, repairMs, ssh } from './support/gateway.ts';
import { addresses } from './support/network.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const { attacker, attacker6, neighbour } = addresses;
const attackers = [attacker, attacker6] as const;
const hourMs = 3_600_000;

interface Stage {
  readonly gateway: Gateway;
  readonly daemon: Daemon;
}

/** A list that a jail and a rung share, or two lists that have the same addresses. */
interface Row {
  readonly where: string;
  readonly programs: readonly Program[];
  readonly blacklist?: string;
  /** What the administrator does once, before anything of remand runs. */
  readonly prepare?: (gateway: Gateway) => void;
  /** The actions of the jail and of the rung, as the rc file has them. */
  readonly actions: (stage: Stage) => { readonly jail: object[]; readonly rung: object[] };
  /** Somebody takes out everything at once. */
  readonly flush: (stage: Stage) => void;
  /** Default: where somebody looks every five seconds. */
  readonly repairedWithinMs?: number;
  /** Whether each attacker would be served. Default: whether it connects. */
  readonly isOpen?: (stage: Stage) => Promise<readonly boolean[]>;
}

const both = (...actions: object[]) => ({ jail: actions, rung: actions });
const denyFile = ({ daemon }: Stage) => join(daemon.folder, 'hosts.deny');

const shorewallRow = (blacklist: string, flush: Row['flush']): Row => ({
  where: `shorewall with DYNAMIC_BLACKLIST=${blacklist}`,
  programs: ['shorewall', 'shorewall6', 'ipset', 'iptables', 'nsenter', 'unshare'],
  blacklist,
  actions: () => both({ shorewall: {} }),
  flush,
});

const setRow = (way: string, ...words: readonly string[]): Row => ({
  where: `an administrator's sets ${way} timeouts`,
  programs: ['ipset', 'iptables'],
  prepare: (gateway) => {
    for (const [set, program, family] of [
      ['blocked', 'iptables', 'inet'],
      ['blocked6', 'ip6tables', 'inet6'],
    ] as const) {
      gateway.run('ipset', 'create', set, 'hash:net', 'family', family, ...words);
      const match = ['-m', 'set', '--match-set', set, 'src'];
      gateway.run(program, '-w', '5', '-I', 'INPUT', ...match, '-j', 'DROP');
    }
  },
  actions: () => both({ ipset: { set: 'blocked', set6: 'blocked6' } }),
  flush: ({ gateway }) => void gateway.run('ipset', 'flush'),
  // The sets of somebody else are read once a minute.
  repairedWithinMs: 65_000,
});

function flushChain({ gateway }: Stage, chain: string): void {
  for (const program of ['iptables', 'ip6tables']) gateway.run(program, '-w', '5', '-F', chain);
}

const rows: readonly Row[] = [
  shorewallRow('Yes', (stage) => flushChain(stage, 'dynamic')),
  shorewallRow('ipset-only', ({ gateway }) => {
    for (const set of ['SW_DBL4', 'SW_DBL6']) gateway.run('ipset', 'flush', set);
  }),
  {
    ...shorewallRow('Yes', (stage) => {
      for (const chain of ['dynamic', 'remand-rung']) flushChain(stage, chain);
    }),
    where: 'two different actions, shorewall and iptables-allports',
    actions: () => ({ jail: [{ shorewall: {} }], rung: [{ 'iptables-allports': {} }] }),
  },
  {
    where: 'hosts.deny',
    programs: ['tcpdmatch'],
    actions: (stage) => both({ 'hosts-deny': { path: denyFile(stage) } }),
    flush: (stage) => writeFileSync(denyFile(stage), '# edited\n'),
    isOpen: async ({ daemon }) => attackers.map(({ host }) => isGranted(daemon.folder, host)),
  },
  {
    where: 'routes',
    programs: [],
    actions: () => both({ route: {} }),
    flush: ({ gateway }) => {
      for (const family of ['-4', '-6']) {
        gateway.run('ip', family, 'route', 'flush', 'table', '7263');
      }
    },
  },
  setRow('with', 'timeout', '0'),
  setRow('without'),
  {
    where: 'nftables by name',
    programs: ['nft'],
    actions: () => both({ nftables: { name: 'shared' } }),
    flush: ({ gateway }) => void gateway.run('nft', 'flush', 'ruleset'),
  },
];

/** What libwrap would decide by the files of a folder. */
function isGranted(folder: string, client: string): boolean {
  const said = execFileSync('tcpdmatch', ['-d', 'sshd', client], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: [process.env.PATH, ...systemPath].join(':') },
    timeout: 20_000,
  });
  return /^access:\s+granted$/m.test(said);
}

/** One telling on a row's list: three bans, the rung, and who is let in when. */
class Telling implements Stage {
  readonly daemon: Daemon;
  readonly gateway: Gateway;
  readonly #row: Row;

  constructor(row: Row, gateway: Gateway) {
    this.#row = row;
    this.gateway = gateway;
    this.daemon = new Daemon(gateway.prefix);
  }

  async begin(banTimes: { readonly jail: string; readonly rung: string }): Promise<void> {
    const { daemon } = this;
    for (const name of ['hosts.allow', 'hosts.deny']) writeFileSync(join(daemon.folder, name), '');
    const actions = this.#row.actions(this);
    daemon.configure(
      sshdJails({ sshd: banTimes.jail }, actions.jail),
      `escalation:\n  - { name: rung, after: 3, within: 1w, banTime: ${banTimes.rung}, actions: ${JSON.stringify(actions.rung)} }`,
    );
    await daemon.start();
    expect(await this.isOpen()).toEqual([true, true]);
  }

  /** Two bans that were over before the daemon ran. */
  writeTwoOldBans(): void {
    for (const hoursAgo of [2, 1]) {
      const at = new Date(Date.now() - hoursAgo * hourMs);
      const lines = attackers.map(({ host }) => failedPassword(host, at));
      appendFileSync(this.daemon.log, lines.join(''));
    }
  }

  /** The next failed login of each, to the ban by exactly these holders. */
  async ban(...holders: readonly string[]): Promise<Ends> {
    for (const { host } of attackers) this.daemon.attack(host);
    const ends = await this.waitForHolders(...holders);
    await this.expectBlocked();
    const { network } = this.gateway;
    expect(await network.canReach('neighbour', neighbour.gateway, ssh)).toBe(true);
    return ends;
  }

  /** Waits until each attacker has exactly these holders, and is enforced for all of them. */
  async waitForHolders(...holders: readonly string[]): Promise<Ends> {
    let bans: readonly BanReport[] = [];
    const isHeld = ({ enforced, holds }: BanReport) =>
      enforced && String(holds.map(({ holder }) => holder).sort()) === String(holders);
    await eventually(`both to be held by ${holders}`, async () => {
      bans = await this.daemon.bans();
      return bans.length === (holders.length > 0 ? attackers.length : 0) && bans.every(isHeld);
    });
    return endsOf(bans);
  }

  isOpen(): Promise<readonly boolean[]> {
    const { network } = this.gateway;
    return (
      this.#row.isOpen?.(this) ??
      Promise.all(attackers.map(({ gateway }) => network.canReach('attacker', gateway, ssh)))
    );
  }

  async expectBlocked(): Promise<void> {
    expect(await this.isOpen()).toEqual([false, false]);
  }

  async waitUntilOpen(): Promise<void> {
    await eventually('both to be let in', async () => (await this.isOpen()).every((one) => one));
  }

  /** From the end of the jail's bans to the end of the story. */
  async end({ sshd, rung }: Ends): Promise<void> {
    await pass(sshd);
    await this.waitForHolders('rung');
    await this.expectBlocked();
    expect(Date.now(), 'looked at before the rung ended').toBeLessThan(Number(rung));
    await pass(rung);
    await this.waitUntilOpen();
    await this.waitForHolders();
  }

  async remove(): Promise<void> {
    await this.daemon.end('SIGKILL');
    await this.daemon.cli('flush');
    await this.daemon.remove();
  }
}

/** When the last hold of each holder ends, on the clock of the machine. */
type Ends = Readonly<Record<string, number>>;

function endsOf(bans: readonly BanReport[]): Ends {
  const ends: Record<string, number> = {};
  for (const { holder, until } of bans.flatMap(({ holds }) => holds)) {
    ends[holder] = Math.max(ends[holder] ?? 0, Date.parse(String(until)));
  }
  return ends;
}

async function pass(end: number | undefined): Promise<void> {
  expect(end).toBeDefined();
  await sleep(Math.max(0, Number(end) + 200 - Date.now()));
}

// Each question is a process: as often as for one test alone would leave no time for the answers.
const eventually = (what: string, check: () => Promise<boolean>, withinMs = 20_000) =>
  waitFor(what, check, withinMs, 300);

// The rows side by side, each on hosts of its own: they mostly wait.
describe.concurrent('the founding story', () => {
  for (const row of rows) {
    needs('root', 'ip', 'nc', 'sysctl', ...row.programs)(`on ${row.where}`, () => tellOn(row));
  }
});

function tellOn(row: Row): void {
  let gateway: Gateway;

  beforeAll(async () => {
    const { blacklist } = row;
    gateway = await Gateway.open(blacklist === undefined ? {} : { blacklist });
    if (gateway.shorewall) {
      for (const product of ['shorewall', 'shorewall6']) {
        await gateway.shorewall.commands.run([product, 'start'], { timeoutMs: 60_000 });
      }
    }
    row.prepare?.(gateway);
  });

  afterAll(() => gateway.close());

  function tell(title: string, story: (telling: Telling) => Promise<void>): void {
    it(title, { concurrent: false, timeout: 180_000 }, async () => {
      const telling = new Telling(row, gateway);
      try {
        await story(telling);
      } finally {
        await telling.remove();
      }
    });
  }

  tell('is blocked past the ban of the jail, and free when the rung ends', async (telling) => {
    await telling.begin({ jail: '8s', rung: '25s' });
    for (let round = 1; round <= 2; round++) {
      const { sshd } = await telling.ban('sshd');
      await pass(sshd);
      await telling.waitUntilOpen();
      await telling.waitForHolders();
    }
    await telling.end(await telling.ban('rung', 'sshd'));
  });

  tell(
    'is so over a kill -9 amid the ban of the jail, and one that outlasts it',
    async (telling) => {
      const { daemon } = telling;
      telling.writeTwoOldBans();
      await telling.begin({ jail: '16s', rung: '40s' });
      const ends = await telling.ban('rung', 'sshd');
      await daemon.end('SIGKILL');
      await telling.expectBlocked();
      await daemon.start();
      await telling.waitForHolders('rung', 'sshd');
      await telling.expectBlocked();

      await daemon.end('SIGKILL');
      await pass(ends.sshd);
      await telling.expectBlocked();
      await daemon.start();
      await telling.end(ends);
    },
  );

  tell('is so when somebody flushes the list amid the ban of the jail', async (telling) => {
    const { daemon } = telling;
    const { repairedWithinMs = repairMs } = row;
    telling.writeTwoOldBans();
    await telling.begin({ jail: '8s', rung: `${repairedWithinMs / 1000 + 16}s` });
    const ends = await telling.ban('rung', 'sshd');
    // Held still, so that it cannot repair before anybody looks.
    daemon.signal('SIGSTOP');
    row.flush(telling);
    expect(await telling.isOpen()).toEqual([true, true]);
    daemon.signal('SIGCONT');
    const isBack = async () => !(await telling.isOpen()).some((one) => one);
    await eventually('the list to be repaired', isBack, repairedWithinMs);
    await telling.end(ends);
  });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Coverage, Notice, StillSeenReport } from '@remand/api';
import { memoryAction } from '@remand/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StillSeen } from '../../src/still-seen/still-seen.ts';
import { abuse, jail, KernelRig, use } from '../kernel-rig.ts';

const attacker = '192.0.2.1';
const other = '192.0.2.2';
const anHour = 3_600_000;
const on2222: Coverage = {
  hook: 'prerouting',
  local: true,
  forwarded: true,
  established: true,
  ports: [{ from: 2222, to: 2222 }],
  protocols: ['tcp'],
};

describe(StillSeen.name, () => {
  it('tells once of an address that goes on, writes it down and shows it', async () => {
    const rig = await started();
    await rig.abuse(attacker, 3);

    await rig.pass(4_000);
    await rig.abuse(attacker, 2);
    expect(told(rig)).toEqual([]);
    await rig.pass(2_000);
    await rig.abuse(attacker);
    await rig.abuse(attacker, 4);
    await rig.pass(60_000);
    await rig.abuse(attacker);

    expect(told(rig)).toMatchObject([
      { kind: 'still-seen', address: attacker, holder: 'ssh', ledger: { bans: 1 } },
    ]);
    expect(told(rig)[0]?.evidence).toEqual([expect.stringContaining(`abuse from ${attacker}`)]);
    expect(await kinds(rig)).toEqual(['still-seen']);
    expect(await shown(rig)).toMatchObject({
      addresses: 1,
      latest: [{ address: attacker, holder: 'ssh', lists: ['memory/ssh'], times: 6 }],
    });
  });

  it('says it again of the next hold of the same address', async () => {
    const rig = await started({ banTimeMs: 30_000 });

    for (let round = 0; round < 2; round++) {
      await rig.abuse(attacker, 3);
      await rig.pass(6_000);
      await rig.abuse(attacker, 2);
      await rig.pass(26_000);
      expect(await shown(rig)).toEqual({ addresses: 0, latest: [] });
    }

    expect(told(rig)).toHaveLength(2);
    expect(await kinds(rig)).toHaveLength(2);
  });

  it('tells a flood of them in portions, and each of them', async () => {
    const rig = await started();
    const flood = Array.from({ length: 700 }, (_, n) => `198.18.${n >> 8}.${n & 255}`);
    for (let n = 0; n < 3; n++) await rig.feed.push(flood.map((one) => abuse(one)));
    await rig.pass(6_000);

    await rig.feed.push(flood.map((one) => abuse(one)));
    await rig.pass(100);
    expect((await shown(rig)).addresses).toBe(500);
    await rig.pass(60_000);

    expect((await shown(rig)).addresses).toBe(700);
    expect(new Set(told(rig).map(({ address }) => address)).size).toBe(700);
    expect(told(rig)).toHaveLength(700);
  });

  it('takes no notice of a backlog, which was written before the ban', async () => {
    const rig = await started();
    await rig.abuse(attacker, 3);
    await rig.pass(10_000);

    await rig.feed.push([abuse(attacker, 9_000)], { live: false });
    await rig.pass(5_000);
    expect(told(rig)).toEqual([]);
    await rig.abuse(attacker);

    expect(told(rig)).toHaveLength(1);
  });

  it('counts from the enforcement, not from the decision', async () => {
    const rig = new KernelRig();
    const list = rig.memory.list('memory/ssh');
    await rig.start({ jails: [jail({ name: 'ssh', banTimeMs: anHour })] });
    list.setUnavailable('the firewall is stopped');
    await rig.abuse(attacker, 3);
    await rig.pass(20_000);
    await rig.abuse(attacker);
    expect(told(rig)).toEqual([]);

    list.setUnavailable(undefined);
    await until(rig, async () => (await rig.control.bans({}))[0]?.enforced === true);
    await rig.abuse(attacker);
    await rig.pass(3_000);
    await rig.abuse(attacker);
    expect(told(rig)).toEqual([]);
    await rig.pass(5_000);
    await rig.abuse(attacker);

    expect(told(rig)).toHaveLength(1);
  });

  it('gives a new hold its five seconds on a list that has the address already', async () => {
    const rig = new KernelRig();
    const shared = (name: string, maxRetry: number) =>
      jail({ name, maxRetry, banTimeMs: anHour, actions: [use('memory', { list: 'one' })] });
    await rig.start({ jails: [shared('first', 3), shared('second', 4)] });
    await rig.abuse(attacker, 3);
    await rig.pass(10_000);

    await rig.abuse(attacker, 3);
    expect(told(rig).map(({ holder }) => holder)).toEqual(['first']);
    await rig.pass(6_000);
    await rig.abuse(attacker);

    expect(told(rig).map(({ holder }) => holder)).toEqual(['first', 'second']);
  });

  it('says nothing of a jail that only observes, nor of lists that do', async () => {
    const rig = new KernelRig();
    const watcher = memoryAction({ clock: rig.clock, name: 'watcher', observesOnly: true });
    await rig.start(
      {
        jails: [
          jail({ name: 'ssh', observe: true, banTimeMs: anHour }),
          jail({ name: 'web', actions: [use('watcher')], banTimeMs: anHour }),
          jail({ name: 'mail', actions: [use('watcher'), use('memory')], banTimeMs: anHour }),
        ],
      },
      { plugins: [watcher.plugin] },
    );
    await rig.abuse(attacker, 3);
    await rig.pass(6_000);
    await rig.abuse(attacker);

    expect(told(rig).map(({ holder }) => holder)).toEqual(['mail']);
    expect((await shown(rig)).latest).toMatchObject([{ holder: 'mail', lists: ['memory/mail'] }]);
  });

  it('does not say it again after a restart, and shows it again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'remand-seen-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const rig = new KernelRig();
    const given = { jails: [jail({ name: 'ssh', banTimeMs: anHour })] };
    const kernel = await rig.start(given, { stateFolder: folder });
    await rig.abuse(attacker, 3);
    await rig.pass(6_000);
    await rig.abuse(attacker);
    await rig.pass(1_000);
    expect(told(rig)).toHaveLength(1);
    await kernel.stop();

    await rig.start(given, { stateFolder: folder });
    await rig.pass(6_000);
    await rig.abuse(attacker);

    expect(await shown(rig)).toMatchObject({ addresses: 1 });
    expect(told(rig)).toHaveLength(1);
    expect(await kinds(rig)).toHaveLength(1);
  });

  it('takes the reason from what the list covers and where the address is connected', async () => {
    const rig = await started({}, on2222);
    await rig.abuse(attacker, 3);
    rig.sockets = [
      { port: 22, peer: undefined, isOpen: false },
      { port: 80, peer: other, isOpen: true },
      { port: 22, peer: attacker, isOpen: true },
    ];
    await rig.pass(6_000);
    await rig.abuse(attacker);

    expect((await shown(rig)).latest).toMatchObject([{ cause: 'wrong-port' }]);
    expect(told(rig)[0]?.summary).toBe(
      '192.0.2.1 is banned by ssh and still seen: probably the wrong port: it is connected to ' +
        'tcp port 22, and covered/ssh blocks only tcp 2222. ' +
        'What to do: add 22 to `ports` of the action, or leave `ports` out.',
    );
  });

  it('says that a list was flushed since', async () => {
    const rig = await started();
    await rig.abuse(attacker, 3);
    await rig.pass(6_000);
    const before = rig.abuse(attacker);
    await rig.control.flush({});
    await before;
    await rig.pass(2_000);

    expect((await shown(rig)).latest).toMatchObject([{ address: attacker, cause: 'not-enforced' }]);
  });

  it('shows nothing of an address that has been quiet for a quarter of an hour', async () => {
    const rig = await started();
    await rig.abuse(attacker, 3);
    await rig.pass(6_000);
    await rig.abuse(attacker);
    expect(await shown(rig)).toMatchObject({ addresses: 1 });

    await rig.pass(900_000);

    expect(await shown(rig)).toEqual({ addresses: 0, latest: [] });
  });

  it('looks at the machine once for many addresses', async () => {
    const rig = await started();
    const many = Array.from({ length: 50 }, (_, n) => `198.51.100.${n}`);
    await rig.feed.push(many.flatMap((one) => [abuse(one), abuse(one), abuse(one)]));
    await rig.pass(6_000);
    let looks = 0;
    Object.defineProperty(rig, 'sockets', {
      get: () => {
        looks++;
        return [];
      },
    });
    await rig.feed.push(many.map((one) => abuse(one)));
    await rig.pass(100);

    expect(looks).toBe(1);
    const { addresses, latest } = await shown(rig);
    expect(addresses).toBe(50);
    expect(latest).toHaveLength(20);
    expect(latest.every(({ cause }) => cause === 'wrong-hook')).toBe(true);
  });
});

async function started(
  given: Partial<Parameters<typeof jail>[0]> = {},
  covers?: Coverage,
): Promise<KernelRig> {
  const rig = new KernelRig();
  const covered = memoryAction({
    clock: rig.clock,
    name: 'covered',
    ...(covers && { covers }),
  });
  await rig.start(
    {
      jails: [
        jail({
          name: 'ssh',
          banTimeMs: anHour,
          actions: [use(covers ? 'covered' : 'memory')],
          ...given,
        }),
      ],
    },
    { plugins: [covered.plugin] },
  );
  return rig;
}

function told(rig: KernelRig): readonly Notice[] {
  return rig.recorder.notices.filter(({ kind }) => kind === 'still-seen');
}

async function kinds(rig: KernelRig): Promise<readonly string[]> {
  const { events } = await rig.control.why({ address: attacker });
  return events.map(({ kind }) => kind).filter((kind) => kind === 'still-seen');
}

async function shown(rig: KernelRig): Promise<StillSeenReport> {
  return (await rig.control.status({})).stillSeen;
}

async function until(rig: KernelRig, check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200 && !(await check()); tries++) await rig.pass(500);
}

import { CommandError, type RungConfig, type WhyEvent } from '@remand/api';
import { settle } from '@remand/testkit';
import { describe, expect, it, vi } from 'vitest';
import { AddressRecord } from '../../src/escalate/address-record.ts';
import { Escalation } from '../../src/escalate/escalation.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { abuse, jail, KernelRig, kernelConfig, start, use } from '../kernel-rig.ts';

const attacker = '198.51.100.1';
const other = '198.51.100.2';
const hour = 3_600_000;

function rung(given: Partial<RungConfig> = {}): RungConfig {
  return {
    ...{ name: 'repeat', after: 3, withinMs: 6 * hour, banTimeMs: hour },
    path: ['escalation', 0],
    ...given,
  };
}

/** Bans an address by jails that ban for a minute, one after the other. */
async function ban(rig: KernelRig, times: number, address = attacker): Promise<void> {
  for (let count = 0; count < times; count++) {
    await rig.abuse(address, 3);
    await rig.pass(62_000);
  }
}

async function storyOf(rig: KernelRig, address = attacker): Promise<readonly WhyEvent[]> {
  const { events } = await rig.control.why({ address });
  return events.filter(({ kind }) => kind !== 'offence');
}

describe(Escalation.name, () => {
  it('blocks at once for the true time, and until that has ended', async () => {
    const rig = new KernelRig();
    await rig.start({ escalation: [rung()] });
    await ban(rig, 2);
    const list = rig.memory.list('memory/ssh');
    const before = list.batches.flat().length;

    await rig.abuse(attacker, 3);

    expect(list.batches.flat().slice(before)).toEqual([
      { op: 'add', target: attacker, timeoutMs: hour },
    ]);
    expect(await rig.control.bans({})).toMatchObject([
      { enforced: true, holds: [{ holder: 'ssh' }, { holder: 'repeat' }] },
    ]);
    await rig.pass(62_000);
    expect(list.targets).toEqual([attacker]);
    expect(await rig.control.bans({})).toMatchObject([{ holds: [{ holder: 'repeat' }] }]);
    await rig.pass(hour);
    expect(list.targets).toEqual([]);
  });

  it('tells of it once, with the true time', async () => {
    const rig = new KernelRig();
    await rig.start({ escalation: [rung()] });
    await ban(rig, 2);
    const at = rig.clock.now();

    await rig.abuse(attacker, 3);

    const [first, second, third, ...rest] = rig.recorder.notices;
    expect([first?.kind, second?.kind, rest]).toEqual(['ban', 'ban', []]);
    expect(third).toMatchObject({
      ...{ kind: 'escalation', holder: 'repeat', address: attacker, until: at + hour },
      ledger: { rung: 'repeat', bans: 3, holds: [{ holder: 'ssh' }, { holder: 'repeat' }] },
    });
    expect(third?.evidence).toHaveLength(3);
    expect(third?.summary).toContain(
      'repeat banned 198.51.100.1 for 1h, until 2026-01-01 01:02:04',
    );
    expect(third?.summary).toContain('as it was banned 3 times: 3 bans within 6h.');
  });

  it('tells the whole story of an address', async () => {
    const rig = new KernelRig();
    await rig.start({ escalation: [rung()] });
    await ban(rig, 2);
    await rig.abuse(attacker, 3);

    const report = await rig.control.why({ address: attacker });

    const until = new Date(start + 2 * 62_100 + hour).toISOString();
    expect(report).toMatchObject({
      ...{ live: true, until },
      holds: [
        { holder: 'ssh', lists: [{ list: 'memory/ssh', enforced: true }] },
        { holder: 'repeat', until, lists: [{ list: 'memory/ssh', enforced: true }] },
      ],
    });
    const sent = 'notice-sent';
    const kinds = (await storyOf(rig)).map(({ kind, holder }) => [kind, holder].join(' '));
    expect(kinds.filter((kind) => !kind.startsWith(sent))).toEqual([
      ...['ban ssh', 'expire ssh', 'ban ssh', 'expire ssh'],
      ...['ban ssh', 'escalate repeat', 'ban repeat'],
    ]);
    expect(kinds.filter((kind) => kind.startsWith(sent))).toHaveLength(3);
    expect((await storyOf(rig)).find(({ kind }) => kind === 'escalate')).toMatchObject({
      ...{ until, counted: 3, via: 'ssh', reason: '3 bans within 6h' },
    });
  });

  it('counts two bans of one batch, the second after the first', async () => {
    const rig = new KernelRig();
    const jails = [jail({ name: 'ssh' }), jail({ name: 'web' })];
    await rig.start({ jails, escalation: [rung({ after: 2 })] });

    await rig.abuse(attacker, 3);

    const holders = (await rig.control.bans({}))[0]?.holds.map(({ holder }) => holder);
    expect(holders).toEqual(['ssh', 'web', 'repeat']);
    expect(rig.recorder.notices.map(({ kind }) => kind)).toEqual(['ban', 'escalation']);
    expect(rig.recorder.notices.map(({ ledger }) => ledger?.bans)).toEqual([1, 2]);
    // The very lists of the jail whose ban fired it.
    expect(rig.memory.list('memory/web').targets).toEqual([attacker]);
    await rig.pass(62_000);
    expect(rig.memory.list('memory/ssh').targets).toEqual([]);
    expect(rig.memory.list('memory/web').targets).toEqual([attacker]);
  });

  it('says in the next notice of the batch that a rung holds the address', async () => {
    const rig = new KernelRig();
    const jails = [jail({ name: 'ssh' }), jail({ name: 'web' })];
    await rig.start({ jails, escalation: [rung({ after: 1 })] });

    await rig.abuse(attacker, 3);

    expect(rig.recorder.notices).toMatchObject([
      { kind: 'escalation', ledger: { rung: 'repeat' } },
      { kind: 'ban', holder: 'web', ledger: { rung: 'repeat' } },
    ]);
  });

  it('counts what the batch decided also when the record of the address was dropped', async () => {
    const rig = new KernelRig();
    const jails = [jail({ name: 'ssh' }), jail({ name: 'web' })];
    await rig.start({ jails, escalation: [rung({ after: 2 })] });
    const failing = vi.spyOn(AddressRecord.prototype, 'add').mockImplementationOnce(() => {
      throw new Error('for once');
    });

    await rig.abuse(attacker, 3);
    failing.mockRestore();

    expect((await storyOf(rig)).find(({ kind }) => kind === 'escalate')?.counted).toBe(2);
  });

  it('enforces by its own actions, on one list with a jail if they name one', async () => {
    const rig = new KernelRig();
    const shared = use('memory', { list: 'host' });
    await rig.start({
      jails: [jail({ name: 'ssh', actions: [shared] })],
      escalation: [rung({ after: 1, actions: [shared, use('memory')] })],
    });

    await rig.abuse(attacker, 3);
    expect(rig.memory.list('host').batches.flat()).toEqual([
      { op: 'add', target: attacker, timeoutMs: hour },
    ]);
    expect(rig.memory.list('memory/repeat').targets).toEqual([attacker]);

    await rig.pass(62_000);
    expect(rig.memory.list('host').targets).toEqual([attacker]);
    expect((await rig.control.status({})).lists).toMatchObject([
      { list: 'host', holders: ['ssh', 'repeat'] },
      { list: 'memory/repeat', holders: ['repeat'] },
    ]);
    await rig.control.unban({ address: attacker, holder: 'repeat' });
    await rig.pass(100);
    expect(rig.memory.list('host').targets).toEqual([]);
    expect(rig.memory.list('memory/repeat').targets).toEqual([]);
  });

  it('shows its rungs', async () => {
    const rig = new KernelRig();
    await rig.start({
      escalation: [rung({ name: 'ever', of: 'repeat', banTimeMs: null }), rung()],
    });
    await ban(rig, 3);

    expect((await rig.control.status({})).rungs).toMatchObject([
      { name: 'repeat', after: 3, of: null, jails: null, escalated: 1, live: 1 },
      { name: 'ever', of: 'repeat', banTimeMs: null, escalated: 0, live: 0 },
    ]);
    expect((await rig.control.status({})).lists).toMatchObject([
      { list: 'memory/ssh', holders: ['ssh', 'ever', 'repeat'] },
    ]);
  });

  it('does nothing new past the fuse, and goes on when it is whole', async () => {
    const rig = new KernelRig();
    const fuse = { bans: 2, withinMs: hour };
    await rig.start({ escalation: [rung()], fuse });
    await ban(rig, 3);
    expect((await rig.control.status({})).fuse.tripped).toBe(true);
    expect((await storyOf(rig)).some(({ kind }) => kind === 'escalate')).toBe(false);

    await rig.control.resetFuse({});
    await ban(rig, 1);

    expect((await storyOf(rig)).find(({ kind }) => kind === 'escalate')?.counted).toBe(4);
  });

  it('stops within a batch that trips the fuse', async () => {
    const rig = new KernelRig();
    await rig.start({ escalation: [rung({ after: 1 })], fuse: { bans: 1, withinMs: hour } });

    await rig.feed.push([attacker, other].flatMap((one) => [abuse(one), abuse(one), abuse(one)]));
    await rig.pass(100);

    expect(rig.recorder.notices.map(({ kind }) => kind)).toEqual(['escalation', 'ban', 'fuse']);
  });

  it('touches nothing for a jail that observes, and tells nobody', async () => {
    const rig = new KernelRig();
    await rig.start({ jails: [jail({ name: 'ssh', observe: true })], escalation: [rung()] });

    await ban(rig, 3);

    expect(rig.memory.list('memory/ssh').batches).toEqual([]);
    expect((await storyOf(rig)).find(({ kind }) => kind === 'escalate')).toMatchObject({
      holder: 'repeat',
      observed: true,
    });
    expect(rig.recorder.notices).toEqual([]);
  });

  it('records bans and escalations of old lines as ended, and counts them', async () => {
    const rig = new KernelRig();
    const ago = [12, 11, 10].map((hours) => -hours * hour);
    rig.feed.append(ago.flatMap((at) => [abuse(attacker, at), abuse(attacker, at)]));
    const jails = [jail({ name: 'ssh', maxRetry: 2 })];
    const ever = rung({ name: 'ever', of: 'repeat', after: 2, withinMs: 90 * 24 * hour });
    await rig.start({ jails, escalation: [rung(), { ...ever, banTimeMs: null }] });
    await rig.feed.settled();
    await rig.pass(100);

    expect(await rig.control.bans({})).toEqual([]);
    expect(rig.memory.list('memory/ssh').batches.flat()).toEqual([]);
    const ended = (await storyOf(rig)).filter((event) => event.ended);
    expect(ended.map(({ kind }) => kind)).toEqual(['ban', 'ban', 'ban', 'escalate', 'ban']);

    for (let count = 0; count < 3; count++) {
      await rig.abuse(attacker, 2);
      await rig.pass(62_000);
    }
    expect(await rig.control.bans({})).toMatchObject([
      { until: null, holds: [{ holder: 'repeat' }, { holder: 'ever' }] },
    ]);
  });

  it('goes on counting when a clock that was wrong is set back', async () => {
    const rig = new KernelRig();
    rig.clock.setWall(start + 365 * 24 * hour);
    await rig.start({ escalation: [rung()] });
    await ban(rig, 2);
    rig.clock.setWall(start);
    await rig.pass(2_000);

    await ban(rig, 3);

    const escalation = (await storyOf(rig)).find(({ kind }) => kind === 'escalate');
    expect(escalation).toMatchObject({ counted: 3 });
  });

  it('counts what waits for a full disk', async () => {
    const rig = new KernelRig();
    const kernel = await rig.start({ escalation: [rung()] });
    await ban(rig, 1);
    const refuse = vi.spyOn(SqliteLedger.prototype, 'commit').mockImplementation(() => {
      throw new CommandError('STATE_UNWRITABLE', 'no space left');
    });
    await ban(rig, 1);
    // What was kept in memory is forgotten.
    await kernel.reload(kernelConfig({ escalation: [rung({ banTimeMs: 2 * hour })] }));
    await ban(rig, 1);
    refuse.mockRestore();
    await rig.pass(5_000);

    expect((await storyOf(rig)).find(({ kind }) => kind === 'escalate')?.counted).toBe(3);
  });

  it('still bans when the ledger cannot be asked', async () => {
    const rig = new KernelRig();
    await rig.start({ escalation: [rung({ after: 1 })] });
    vi.spyOn(SqliteLedger.prototype, 'recordEntries').mockImplementation(() => {
      throw new Error('damaged');
    });

    await rig.abuse(attacker, 3);
    vi.restoreAllMocks();

    expect(rig.memory.list('memory/ssh').targets).toEqual([attacker]);
    expect(rig.logger.lines.some(({ event }) => event === 'escalation-failed')).toBe(true);
  });

  describe('at a reload', () => {
    it('goes by the new rungs, with what was counted before', async () => {
      const rig = new KernelRig();
      const kernel = await rig.start();
      await ban(rig, 2);

      const report = await kernel.reload(kernelConfig({ escalation: [rung()] }));
      await settle();

      expect(report.rungs).toEqual({ added: ['repeat'], changed: [], removed: [] });
      expect(report.jails).toEqual({ added: [], changed: [], removed: [] });
      await ban(rig, 1);
      expect(await rig.control.bans({})).toMatchObject([{ holds: [{ holder: 'repeat' }] }]);
    });

    it('keeps the hold of a rung that is gone, on the lists that it had', async () => {
      const rig = new KernelRig();
      const shared = use('memory', { list: 'host' });
      const jails = [jail({ name: 'ssh', actions: [shared] })];
      const escalation = [rung({ after: 1, actions: [shared] })];
      const kernel = await rig.start({ jails, escalation });
      await rig.abuse(attacker, 3);

      const report = await kernel.reload(kernelConfig({ jails }));
      await settle();

      expect(report).toMatchObject({ rungs: { removed: ['repeat'] }, stranded: [] });
      await rig.pass(62_000);
      expect(rig.memory.list('host').targets).toEqual([attacker]);
      await rig.pass(hour);
      expect(rig.memory.list('host').targets).toEqual([]);
    });

    it('moves the holds of a rung to the lists that it has now', async () => {
      const rig = new KernelRig();
      const own = (list: string) => [rung({ after: 1, actions: [use('memory', { list })] })];
      const kernel = await rig.start({ escalation: own('old') });
      await rig.abuse(attacker, 3);

      const report = await kernel.reload(kernelConfig({ escalation: own('new') }));
      await settle();

      expect(report.rungs).toMatchObject({ changed: ['repeat'] });
      expect(rig.memory.list('new').targets).toEqual([attacker]);
      expect(rig.memory.list('old').targets).toEqual([]);
    });
  });

  it('keeps entries as long as the longest window needs', async () => {
    const rig = new KernelRig();
    const prune = vi.spyOn(SqliteLedger.prototype, 'prune');
    const day = 24 * hour;
    await rig.start({ escalation: [rung({ withinMs: 365 * day, banTimeMs: 30 * day })] });

    await rig.pass(hour + 2_000);

    const [before, now] = prune.mock.calls[0] ?? [];
    expect((now ?? 0) - (before?.entries ?? 0)).toBe(395 * day);
    prune.mockRestore();
  });
});

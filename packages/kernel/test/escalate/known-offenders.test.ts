import type { JailConfig } from '@remand/api';
import { describe, expect, it, vi } from 'vitest';
import { KnownOffenders } from '../../src/escalate/known-offenders.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { jail, KernelRig, kernelConfig } from '../kernel-rig.ts';
import { problemsOf } from '../plugins/loading.ts';

const attacker = '198.51.100.1';
const minute = 60_000;
const knownMaxRetry = { maxRetry: 1, withinMs: 60 * minute };

function jails(given: Partial<JailConfig> = {}) {
  return [
    jail({ name: 'ssh', maxRetry: 4, knownMaxRetry, ...given }),
    jail({ name: 'web', maxRetry: 2, banTimeMs: minute }),
  ];
}

describe(KnownOffenders.name, () => {
  const bansOf = async (rig: KernelRig, index = 0) => (await rig.jail(index)).banned;

  it('gives who was banned by any jail fewer tries, for as long as he is known', async () => {
    const rig = new KernelRig();
    await rig.start({ jails: jails() });
    await rig.abuse(attacker, 2);
    expect([await bansOf(rig), await bansOf(rig, 1)]).toEqual([0, 1]);

    await rig.abuse(attacker);
    expect(await bansOf(rig)).toBe(1);

    await rig.pass(58 * minute);
    await rig.abuse(attacker);
    expect(await bansOf(rig)).toBe(2);
    await rig.pass(61 * minute);
    await rig.abuse(attacker);
    expect(await bansOf(rig)).toBe(2);
  });

  it('counts in the batch of the ban, and shows the lines that were needed', async () => {
    const rig = new KernelRig();
    await rig.start({ jails: jails() });

    await rig.abuse(attacker, 3);

    const { events } = await rig.control.why({ address: attacker });
    const bans = events.filter(({ kind }) => kind === 'ban');
    // The second line made the ban of `web`, the third was one of a known offender.
    expect(bans.map(({ holder, evidence }) => [holder, evidence?.length])).toEqual([
      ['web', 2],
      ['ssh', 3],
    ]);
  });

  it('knows after a restart, and not any more after unban --mistake', async () => {
    const rig = new KernelRig();
    const stateFolder = await rig.folder();
    const first = await rig.start({ jails: jails() }, { stateFolder });
    await rig.abuse(attacker, 2);
    await first.stop();
    await rig.start({ jails: jails() }, { stateFolder });
    await rig.control.unban({ address: attacker, mistake: true });
    await rig.abuse(attacker);
    expect(await bansOf(rig)).toBe(0);

    await rig.abuse(attacker);

    expect([await bansOf(rig), await bansOf(rig, 1)]).toEqual([1, 1]);
  });

  it('does not know for what enforces who was only observed', async () => {
    const rig = new KernelRig();
    const [ssh, ...others] = jails();
    const observing = others.map((one) => ({ ...one, observe: true }));
    const looks = jail({ ...ssh, name: 'looks', observe: true, maxRetry: 4 });
    await rig.start({ jails: [...(ssh ? [ssh] : []), ...observing, looks] });

    await rig.abuse(attacker, 3);

    expect([await bansOf(rig), await bansOf(rig, 1), await bansOf(rig, 2)]).toEqual([0, 1, 1]);
  });

  it('asks the ledger once for an address, and never when no jail wants to know', async () => {
    const asked = vi.spyOn(SqliteLedger.prototype, 'recordEntries');
    const rig = new KernelRig();
    const kernel = await rig.start({ jails: jails({ maxRetry: 100 }) });
    for (let count = 0; count < 9; count++) await rig.abuse('198.51.100.9');
    expect(asked.mock.calls.filter(([address]) => address === '198.51.100.9')).toHaveLength(1);
    await kernel.stop();
    asked.mockClear();
    await rig.start({ jails: [jail({ name: 'ssh' })] });
    await rig.abuse(attacker, 5);
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  it('refuses to give a known offender more tries than anybody', async () => {
    const known = { maxRetry: 5, withinMs: minute };
    const config = kernelConfig({ jails: jails({ knownMaxRetry: known }) });
    expect(await problemsOf(config)).toMatchObject([
      { message: 'jail ssh gives a known offender more tries (5) than anybody (4)' },
    ]);
  });
});

import type { AnyPlugin, Filter, PluginModule } from '@remand/api';
import { scriptedFilter } from '@remand/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FilterTrial } from '../../src/explain/contract.ts';
import { createFilterTrial } from '../../src/explain/filter-trial.ts';
import { bundle } from '../kernel-rig.ts';
import { clock, filterPlugin } from './rig.ts';

describe(createFilterTrial.name, () => {
  it.each([
    ['Jan  1 10:00:00 host app[1]: abuse from 192.0.2.1', '192.0.2.1', null],
    ['2026-01-01T10:00:00Z host app[1]: abuse from ::ffff:192.0.2.1 user bob', '192.0.2.1', 'bob'],
    ['host app[1]: abuse from 2001:DB8:0::1 user j\u00f6rg', '2001:db8::1', 'j\u00f6rg'],
    ['abuse from 192.0.2.1\r', '192.0.2.1', null],
    ['host app[1]: abuse from host.example', null, null],
    ['host app[1]: abuse from 192.0.2.0/24', null, null],
    ['host other[1]: abuse from 192.0.2.1', null, null],
    ['host app[1]: peace from 192.0.2.1', null, null],
    ['', null, null],
    ['\0\u001b[2J', null, null],
  ])('finds in %j the address %s and the user %s', async (line, address, user) => {
    const trial = await trialOf(scriptedFilter({ programs: ['app'], prefixes: ['abuse'] }));

    const verdict = trial.read(Buffer.from(line));

    expect(verdict).toMatchObject({ match: address !== null, address, user });
  });

  it.each([
    ['Dec 31 10:00:00 host app: x', '2025-12-31T10:00:00.000Z'],
    ['Jan  2 10:00:00 host app: x', '2026-01-02T10:00:00.000Z'],
    ['<34>1 2003-10-11T22:14:15.003Z host app 1 - - x', '2003-10-11T22:14:15.003Z'],
    ['h - - [10/Oct/2000:13:55:36 -0700] "GET /"', '2000-10-10T20:55:36.000Z'],
    ['Jan 42 10:00:00 host app: x', null],
    ['x', null],
  ])('reads the time of %j', async (line, time) => {
    const trial = await trialOf(scriptedFilter());

    expect(inUtc(() => trial.read(Buffer.from(line)).time)).toBe(time);
  });

  it('offers a line whole whose first word is only taken for a program', async () => {
    const trial = await trialOf(
      filterPlugin('scripted', () => ({
        programs: ['app'],
        match: (message) => (message.startsWith('error: x') ? { address: '192.0.2.1' } : undefined),
      })),
    );

    expect(trial.read(Buffer.from('error: x')).match).toBe(true);
    expect(trial.read(Buffer.from('Jan  1 10:00:00 host error: x')).notOffered).toBe(
      'other-program',
    );
  });

  it('never offers what is too long, and keeps lines apart', async () => {
    const seen: string[] = [];
    const trial = await trialOf(
      filterPlugin('scripted', () => ({
        match: (message) => {
          seen.push(message);
          return undefined;
        },
      })),
    );

    const long = trial.read(Buffer.alloc(1_025, 'x'));
    trial.read(Buffer.alloc(1_024, 'y'));

    expect(long.notOffered).toBe('too-long');
    expect(seen).toEqual(['y'.repeat(1_024)]);
  });

  it('takes a filter that throws for one that does not match', async () => {
    const trial = await trialOf(
      filterPlugin('scripted', () => ({
        match: () => {
          throw new Error('broken');
        },
      })),
    );

    expect(trial.read(Buffer.from('x'))).toMatchObject({ match: false, failure: 'broken' });
    expect(trial.details()).toMatchObject({ match: null, patterns: null });
    expect(trial.read(Buffer.from(''))).toMatchObject({ notOffered: 'empty', failure: null });
  });

  it('disposes of the filter', async () => {
    let disposed = 0;
    const filter: Filter = {
      match: () => undefined,
      dispose: async () => {
        disposed++;
      },
    };

    await (await trialOf(filterPlugin('scripted', () => filter))).close();

    expect(disposed).toBe(1);
  });

  it('tells every mistake, with the nearest name', async () => {
    const missing = createFilterTrial({ ...given([scriptedFilter()]), name: 'scriptd' });

    await expect(missing).rejects.toMatchObject({
      code: 'USAGE',
      message: 'there is no filter named "scriptd"',
      hint: 'did you mean "scripted"?',
    });
  });
});

function given(plugins: readonly AnyPlugin[]) {
  return {
    name: 'scripted',
    options: {},
    plugins: [] as readonly PluginModule[],
    bundled: bundle(plugins),
    maxLineBytes: 1_024,
    clock,
  };
}

async function trialOf(plugin: AnyPlugin): Promise<FilterTrial> {
  const trial = await createFilterTrial(given([plugin]));
  onTestFinished(() => trial.close());
  return trial;
}

function inUtc<T>(work: () => T): T {
  const before = process.env.TZ;
  process.env.TZ = 'UTC';
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { snapshotLedger } from '../../src/explain/state-snapshot.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { abuse, jail, start } from '../kernel-rig.ts';
import { clock, explainerOf, judged } from './rig.ts';

const attacker = '192.0.2.1';
let base = '';
let folder = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'remand-state-'));
  folder = join(base, 'state');
  mkdirSync(folder, { mode: 0o700 });
  mkdirSync(join(base, 'tmp'));
  vi.stubEnv('TMPDIR', join(base, 'tmp'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

describe(snapshotLedger.name, () => {
  it.each(['open', 'closed'])(
    'counts on from a ledger that is %s, and leaves it alone',
    async (state) => {
      const ledger = openLedger({ folder, clock, logger: memoryLogger() });
      onTestFinished(() => ledger.close());
      for (const at of [-700_000, -2_000, -1_000]) {
        ledger.commit({
          offences: [{ jail: 'ssh', address: attacker, at: start + at, line: 'x' }],
        });
      }
      ledger.commit({
        entries: [
          entry('ban', '192.0.2.2', start + 90_000),
          entry('allow', '192.0.2.0/28', null),
          entry('unban', '192.0.2.2', undefined),
          entry('ban', '198.51.100.2', start + 90_000),
        ],
      });
      if (state === 'closed') ledger.close();
      const before = contents();

      const explainer = await explainerOf(
        { jails: [jail({ name: 'ssh', maxRetry: 5 })] },
        { stateFolder: folder },
      );

      expect(explainer.state).toEqual({ looked: true });
      expect(judged(explainer, abuse(attacker)).outcome).toBe('never-ban');
      expect(judged(explainer, abuse('198.51.100.2'))).toMatchObject({
        outcome: 'seen-while-banned',
        ban: { until: new Date(start + 90_000).toISOString() },
      });
      expect(contents()).toEqual(before);
      expect(leftOver()).toEqual([]);
    },
  );

  it('counts the offences within findTime', async () => {
    const ledger = openLedger({ folder, clock, logger: memoryLogger() });
    for (const at of [-700_000, -2_000, -1_000]) {
      ledger.commit({ offences: [{ jail: 'ssh', address: attacker, at: start + at, line: 'x' }] });
    }
    ledger.close();

    const explainer = await explainerOf(
      { jails: [jail({ name: 'ssh', maxRetry: 5 })] },
      { stateFolder: folder },
    );

    expect(judged(explainer, abuse(attacker)).count).toMatchObject({ offences: 3, maxRetry: 5 });
  });

  it.each([
    ['there is none yet', () => undefined, /^there is no ledger in /],
    [
      'it is damaged',
      () => writeFileSync(join(folder, 'ledger.db'), 'this is no database at all'.repeat(99)),
      /^the ledger is damaged$/,
    ],
    ['it is no file', () => mkdirSync(join(folder, 'ledger.db')), /cannot be read/],
  ])('says that %s, and begins at nothing', async (_, arrange, reason) => {
    arrange();

    const explainer = await explainerOf({}, { stateFolder: folder });

    expect(explainer.state).toEqual({ looked: false, reason: expect.stringMatching(reason) });
    expect(judged(explainer, abuse(attacker)).count?.offences).toBe(1);
    expect(leftOver()).toEqual([]);
  });
});

function entry(kind: 'ban' | 'allow' | 'unban', address: string, until: number | null | undefined) {
  return {
    id: `${kind} ${address}`,
    host: 'test',
    at: start,
    kind,
    holder: kind === 'allow' ? 'admin' : 'ssh',
    address,
    ...(until !== undefined && { until }),
  };
}

function contents(): readonly (readonly [string, string])[] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]);
}

function leftOver(): readonly string[] {
  return readdirSync(join(base, 'tmp'));
}

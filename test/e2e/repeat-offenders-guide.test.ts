import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';

const guide = readFileSync(
  join(import.meta.dirname, '../../docs/guides/repeat-offenders.md'),
  'utf8',
);
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const attacker = '198.51.100.7';
const dayMs = 86_400_000;

/** Three bans within an hour, in each of the weeks. */
function logOf(weeks: readonly number[], address = attacker): string {
  const lines: string[] = [];
  for (const week of weeks) {
    for (const minute of [0, 15, 30]) {
      const at = new Date(Date.UTC(2026, 0, 5) + week * 7 * dayMs + minute * 60_000);
      const line = `${at.toISOString()} host sshd[7]: Failed password for root from ${address} port 4000 ssh2\n`;
      lines.push(line, line, line);
    }
  }
  return lines.join('');
}

describe('the guide to repeat offenders', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
    writeFileSync(daemon.log, logOf([0, 2, 4]));
  });

  afterEach(() => daemon.remove());

  it('has seven examples', () => expect(examples).toHaveLength(7));

  it.each([
    [0, ['repeat-offender', 'repeat-offender', 'repeat-offender']],
    [1, ['repeat-offender', 'repeat-offender', 'repeat-offender']],
    [2, ['repeat-offender', 'repeat-offender', 'repeat-offender']],
    [3, ['repeat-offender', 'repeat-offender', 'repeat-offender', 'for-ever']],
  ])('gives examples that do what it says: number %i', async (index, rungs) => {
    writeFileSync(daemon.rc, examples[index] ?? '', { mode: 0o600 });

    const check = await daemon.cli('check', '--json');
    const replay = await daemon.cli('replay', daemon.log, '--json');

    expect(JSON.parse(check.stdout).problems).toEqual([]);
    const { bans } = JSON.parse(replay.stdout);
    const byRungs = bans.filter((ban: { rung: string | null }) => ban.rung !== null);
    expect(byRungs.map((ban: { rung: string }) => ban.rung)).toEqual(rungs);
    expect(bans.length - byRungs.length).toBe(9);
    const [first] = byRungs;
    expect(Date.parse(first.until) - Date.parse(first.at)).toBe(7 * dayMs);
    expect(byRungs.at(-1).until === null).toBe(index === 3);
  });

  it('bans the range of eight addresses', async () => {
    writeFileSync(daemon.rc, examples[4] ?? '', { mode: 0o600 });
    const lines = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((host) => logOf([0], `198.51.100.${host}`));
    writeFileSync(daemon.log, lines.join(''));

    const check = await daemon.cli('check', '--json');
    const replay = await daemon.cli('replay', daemon.log, '--json');

    expect(JSON.parse(check.stdout).problems).toEqual([]);
    const { bans } = JSON.parse(replay.stdout);
    const ranges = bans.filter(({ rung }: { rung: string | null }) => rung === 'network');
    expect(ranges).toMatchObject([{ address: '198.51.100.0/24' }]);
    expect(Date.parse(ranges[0].until) - Date.parse(ranges[0].at)).toBe(dayMs);
    expect(bans.map(({ address }: { address: string }) => address)).not.toContain('198.51.100.9');
  });

  it('gives who is known one try', async () => {
    writeFileSync(daemon.rc, examples[5] ?? '', { mode: 0o600 });
    const [line = ''] = logOf([1]).split('\n');
    writeFileSync(daemon.log, `${logOf([0])}${line}\n${logOf([8]).split('\n')[0]}\n`);

    const check = await daemon.cli('check', '--json');
    const replay = await daemon.cli('replay', daemon.log, '--json');

    const { problems, values } = JSON.parse(check.stdout);
    expect(problems).toEqual([]);
    expect(JSON.stringify(values)).toContain('3; 1 for who was banned within');
    const { bans } = JSON.parse(replay.stdout);
    // Three in the first week, one a week later by a single line, none eight weeks later.
    expect(bans).toHaveLength(4);
  });

  it('bans longer each time by the example of a jail whose bans grow', async () => {
    writeFileSync(daemon.rc, examples[6] ?? '', { mode: 0o600 });

    const check = await daemon.cli('check', '--json');
    const replay = await daemon.cli('replay', daemon.log, '--json');

    const { problems, values } = JSON.parse(check.stdout);
    expect(problems).toEqual([]);
    expect(JSON.stringify(values)).toContain('10m, 20m, 40m, 1h 20m');
    const lasted = JSON.parse(replay.stdout).bans.map(
      ({ at, until }: { at: string; until: string }) =>
        (Date.parse(until) - Date.parse(at)) / 60_000,
    );
    // Who is banned for twenty minutes from 0:15 on is not seen at 0:30.
    for (const [index, minutes] of lasted.entries()) {
      expect(minutes).toBeGreaterThanOrEqual(10 * 2 ** index);
      expect(minutes).toBeLessThanOrEqual(11 * 2 ** index);
    }
    expect(lasted.length).toBeGreaterThan(3);
  });

  it.each([
    [1, [['sshd'], ['repeat-offender']]],
    [2, [['sshd', 'repeat-offender']]],
  ])('says which holders share which list: number %i', async (index, holders) => {
    writeFileSync(daemon.rc, examples[index] ?? '', { mode: 0o600 });

    const { lists } = JSON.parse((await daemon.cli('check', '--json')).stdout);

    expect(lists.map((one: { holders: readonly string[] }) => one.holders)).toEqual(holders);
  });
});

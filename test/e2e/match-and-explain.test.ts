import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsShared, sharedPath } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const attacker = '203.0.113.8';
let daemon: Daemon;

beforeEach(() => {
  daemon = new Daemon();
});

afterEach(() => daemon.remove());

describe('remand explain', () => {
  const jail = '  sshd: { filter: sshd, sources: [LOG], observe: true, banTime: 1h }';

  it('knows what a daemon has counted, while it runs, after kill -9 and after a stop', async () => {
    daemon.configure(jail);
    await daemon.start();
    appendFileSync(daemon.log, failedPassword(attacker));
    await waitFor('an offence', async () => (await daemon.status()).jails[0]?.offences === 1);

    const running = await explain(failedPassword(attacker));
    await daemon.end('SIGKILL');
    const before = stateFiles();
    const killed = await explain(failedPassword(attacker).repeat(2));
    const after = stateFiles();
    await daemon.start();
    appendFileSync(daemon.log, failedPassword(attacker).repeat(2));
    await waitFor('the ban', async () => (await daemon.bans()).length === 1);
    await daemon.end('SIGTERM');
    const banned = await explain(failedPassword(attacker));

    expect(running).toEqual([['counted', 2]]);
    expect(killed).toEqual([
      ['counted', 2],
      ['banned', 3],
    ]);
    expect(after).toEqual(before);
    expect(banned).toEqual([['seen-while-banned', undefined]]);
  });

  it('disturbs no daemon that is counting', async () => {
    daemon.configure(jail);
    await daemon.start();

    const asked = Promise.all([1, 2, 3].map(() => explain(failedPassword('203.0.113.9'))));
    for (let n = 0; n < 300; n++) appendFileSync(daemon.log, failedPassword(`198.18.0.${n % 100}`));
    await asked;

    await waitFor('the bans', async () => (await daemon.bans()).length === 100);
    expect((await daemon.status()).state.state).toBe('ok');
  });

  async function explain(lines: string): Promise<readonly unknown[]> {
    const { code, stdout, stderr } = await daemon.pipe(
      lines,
      'explain',
      '-',
      '--json',
      '-c',
      daemon.rc,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ state, readings: [{ jails }] }) => {
        expect(state).toEqual({ looked: true });
        return [jails[0].outcome, jails[0].count?.offences];
      });
  }

  function stateFiles() {
    const folder = join(daemon.folder, 'state');
    return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]);
  }
});

describe('remand match', () => {
  it('gives a line back for each line, whatever is in it', async () => {
    const lines = [
      Buffer.from(failedPassword(attacker)),
      Buffer.from(`${'x'.repeat(5_000_000)} ${failedPassword(attacker)}`),
      Buffer.from(failedPassword(attacker, new Date(), '\u001b[2J\0\u00ff'), 'latin1'),
      Buffer.from('\n'),
      Buffer.from(failedPassword(attacker).trimEnd()),
    ];

    const { code, stdout } = await daemon.pipe(Buffer.concat(lines), 'match', 'sshd', '--json');

    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(rows.map(({ n, match }) => [n, match])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, true],
    ]);
    expect(rows[2].user).toBe('\u001b[2J\0\ufffd');
    expect(stdout).toMatch(/^[ -~\n]+$/);
  });
});

interface Row {
  readonly id: string;
  readonly service: string;
  readonly stateless: boolean;
  readonly options: { readonly mode?: string };
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
  readonly host_kind: string | null;
  readonly user: string | null;
  readonly observed: { readonly host?: string } | null;
  readonly time: string | null;
}

needsShared()('remand match and the shared corpus', () => {
  const file = sharedPath('corpus', 'fail2ban.shared.jsonl');
  const rows: readonly Row[] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Row)
    .filter((row) => row.service === 'sshd' && row.stateless);

  it.each(['normal', 'ddos', 'extra', 'aggressive'])('agree in mode %s', async (mode) => {
    const its = rows.filter(({ options }) => (options.mode ?? 'normal') === mode);
    const lines = its.map(({ line }) => `${line}\n`).join('');

    const { stdout } = await daemon.pipe(
      lines,
      ...['match', 'sshd', '-', '--json', '--option', `mode=${mode}`],
    );

    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(its.length).toBeGreaterThan(5);
    const wanted = its.map((row, index) => {
      const isMatch = row.match && row.host_kind !== 'dns-or-name';
      return {
        id: row.id,
        n: index + 1,
        address: isMatch ? (row.host ?? row.observed?.host) : null,
      };
    });
    expect(found.map(({ n, address }, index) => ({ id: its[index]?.id, n, address }))).toEqual(
      wanted,
    );
    for (const [index, { match, user, time }] of found.entries()) {
      const row = its[index];
      if (match && row?.user) expect(user).toBe(row.user);
      if (match && row?.time) expect(time).not.toBeNull();
    }
  });
});

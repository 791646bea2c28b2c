import type { UnbanArgs, UnbanOutcome } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { main } from '../src/main.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { at, fakeTerminal } from './support/fake-terminal.ts';

const held = [
  { holder: 'sshd', until: at(60) },
  { holder: 'admin', until: null },
];

/** What the kernel does: with several holds and no choice it lists them. */
async function unban({ holder, all }: UnbanArgs): Promise<UnbanOutcome> {
  const lifted = held.filter((hold) => all || hold.holder === holder);
  const choose = all || holder !== undefined ? {} : { choose: held };
  return { address: '192.0.2.1', lifted, ...choose };
}

async function run(argv: readonly string[], terminal = fakeTerminal()) {
  const { socket } = await fakeDaemon({ unban });
  const code = await main(['unban', '192.0.2.1', ...argv, '--socket', socket], terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe('remand unban', () => {
  it('lists several holds and changes nothing when nobody can be asked', async () => {
    expect(await run([])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'remand: 192.0.2.1 is held by several, and nothing was lifted\n' +
        '  sshd                  until 2026-11-24 12:01:00 (in 1m)\n' +
        '  admin                 for ever\n' +
        '  choose one with --jail, or all of them with --all\n',
    });
  });

  it('asks which one on a terminal', async () => {
    const { code, stdout } = await run([], fakeTerminal({ interactive: true, answers: ['admin'] }));

    expect({ code, stdout }).toEqual({ code: 0, stdout: '192.0.2.1 is no longer held by admin\n' });
  });

  it('takes no answer for no', async () => {
    const { code, stdout } = await run([], fakeTerminal({ interactive: true, answers: [''] }));

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('never asks for JSON', async () => {
    const terminal = fakeTerminal({ interactive: true, answers: ['admin'] });
    const { code, stdout } = await run(['--json'], terminal);

    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ lifted: [], choose: held });
  });

  it('lifts what is chosen', async () => {
    expect(await run(['--jail', 'sshd'])).toMatchObject({ code: 0 });
    expect((await run(['--all'])).stdout).toBe(
      '192.0.2.1 is no longer held by sshd\n192.0.2.1 is no longer held by admin\n',
    );
  });

  it('exits 1 when nobody holds it', async () => {
    expect(await run(['--jail', 'web'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'remand: nobody holds 192.0.2.1\n',
    });
  });

  it('names the range that an address is inside of', async () => {
    const inside = { address: '192.0.2.1', lifted: [], insideRange: '192.0.2.0/24' };
    const { socket } = await fakeDaemon({ unban: async () => inside });
    const terminal = fakeTerminal();

    expect(await main(['unban', '192.0.2.1', '--socket', socket], terminal)).toBe(1);
    expect(terminal.stderr).toContain('inside the banned range 192.0.2.0/24; nothing was changed');
  });
});

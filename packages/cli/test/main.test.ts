import { CommandError, ConfigError } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { main } from '../src/main.ts';
import { fakeDaemon } from './support/fake-daemon.ts';
import { at, fakeTerminal, noon } from './support/fake-terminal.ts';
import { banReports, jailStatus, statusReport, whyReport } from './support/samples.ts';

describe(main.name, () => {
  it.each([
    [['sttus'], /^remand: unknown command 'sttus' \(Did you mean status\?\)\n/],
    [['fuse', 'rest'], /Did you mean reset\?/],
    [['bans', '--jsn'], /^remand: unknown option '--jsn' \(Did you mean --json\?\)\n/],
    [['why'], /^remand: missing required argument 'address'\n/],
    [['status', 'a', 'b'], /^remand: too many arguments/],
    [['unban', '192.0.2.1', '--all', '--jail', 'sshd'], /^remand: option '--all' cannot be used/],
    [['ban', '192.0.2.1', '--for', '10x', '--socket', '/x'], /--for got '10x', wanted a duration/],
    [['bans', '--since', 'x\u001b[2J', '--socket', '/x'], /--since got 'x\\x1b\[2J', wanted/],
    [['-c', 'x', 'status'], /^remand: unknown option '-c'/],
    [[], /^Usage: remand/],
  ])('refuses %j with exit code 2', async (argv, sentence) => {
    const terminal = fakeTerminal();

    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.stderr).toMatch(sentence);
    expect(terminal.stdout).toBe('');
  });

  it.each([['--version'], ['--help']])('answers %s with exit code 0', async (option) => {
    const terminal = fakeTerminal();

    expect(await main([option], terminal)).toBe(0);
    expect(terminal.stdout).toMatch(/^(\d+\.\d+\.\d+\n|Usage: )/);
    expect(terminal.stderr).toBe('');
  });

  it('says what to do when no daemon answers', async () => {
    const terminal = fakeTerminal();

    expect(await main(['status', '--socket', '/nowhere/control.sock'], terminal)).toBe(1);
    expect(terminal.stderr).toBe(
      'remand: no daemon answers on /nowhere/control.sock: there is no socket\n' +
        "  start one with 'remand run', or say where it listens with --socket\n",
    );
  });

  it.each([
    ['a wrong argument', new ConfigError('USAGE', 'no address'), 2],
    ['a refusal', new CommandError('REFUSED', 'never ban', { hint: 'it is yours' }), 1],
  ])('passes on %s of the daemon', async (_what, error, code) => {
    const { socket } = await fakeDaemon({ ban: () => Promise.reject(error) });
    const terminal = fakeTerminal();

    expect(await main(['ban', 'x', '--socket', socket], terminal)).toBe(code);
    expect(terminal.stderr).toContain(error.message);
  });

  it('prints answers as they are with --json, in ASCII', async () => {
    const { socket } = await fakeDaemon({
      status: async () => statusReport({ version: '\u009bä' }),
      bans: async () => banReports,
      why: async () => whyReport,
    });
    const json = async (argv: string[]) => {
      const terminal = fakeTerminal();
      await main([...argv, '--json', '--socket', socket], terminal);
      expect(terminal.stdout).toMatch(/^[\n\x20-\x7e]*$/);
      return JSON.parse(terminal.stdout);
    };

    expect(await json(['status'])).toEqual(statusReport({ version: '\u009bä' }));
    expect(await json(['status', 'sshd'])).toEqual(jailStatus());
    expect(await json(['bans'])).toEqual(banReports);
    expect(await json(['why', '192.0.2.1'])).toEqual(whyReport);
  });

  it('names the nearest jail for an unknown one', async () => {
    const { socket } = await fakeDaemon({ status: async () => statusReport() });
    const terminal = fakeTerminal();

    expect(await main(['status', 'shsd', '--socket', socket], terminal)).toBe(1);
    expect(terminal.stderr).toContain("did you mean 'sshd'?");
  });

  it('exits 1 when nothing is known of an address', async () => {
    const nothing = { address: '192.0.2.9', live: false, until: null, holds: [], events: [] };
    const { socket } = await fakeDaemon({ why: async () => nothing });
    const terminal = fakeTerminal();

    expect(await main(['why', '192.0.2.9', '--socket', socket], terminal)).toBe(1);
    expect(terminal.stdout).toBe('192.0.2.9 is not banned; nothing else is known of it\n');
  });

  it('hands over durations and times in ms, and addresses as they are', async () => {
    const seen: unknown[] = [];
    const note =
      <Answer>(answer: Answer) =>
      async (args: unknown) => {
        seen.push(args);
        return answer;
      };
    const { socket } = await fakeDaemon({
      bans: note([]),
      ban: note({ address: '192.0.2.1', until: at(600), lists: ['a', 'b'] }),
      allow: note({ address: '192.0.2.1', until: null, lifted: [] }),
    });
    const run = async (...argv: string[]) => {
      const terminal = fakeTerminal();
      expect(await main([...argv, '--socket', socket], terminal)).toBe(0);
      return terminal.stdout;
    };

    await run('bans', '--since', '1h');
    const banned = await run('ban', '::ffff:192.0.2.1', '--for', 'forever', '--jail', 'sshd');
    const allowed = await run('allow', '192.0.2.1', '--for', '600');

    expect(seen).toEqual([
      { since: noon - 3_600_000 },
      { address: '::ffff:192.0.2.1', jail: 'sshd', forMs: null },
      { address: '192.0.2.1', forMs: 600_000 },
    ]);
    expect(banned).toBe('192.0.2.1 is banned until 2026-11-24 12:10:00 (in 10m) on a, b\n');
    expect(allowed).toBe('192.0.2.1 is never banned for ever\n');
  });

  it('flushes by the daemon and exits 1 when a list could not be', async () => {
    const lists = [
      { list: 'a', removed: true },
      { list: 'b', removed: false, reason: 'nft is missing' },
    ];
    const { socket } = await fakeDaemon({ flush: async () => ({ lists }) });
    const terminal = fakeTerminal();

    expect(await main(['flush', '--socket', socket], terminal)).toBe(1);
    expect(terminal.stdout).toBe('LIST  FLUSHED\na     yes\nb     no: nft is missing\n');
  });

  it('waits until the daemon is gone', async () => {
    // A process that ended: the number of a child of long ago would do as well.
    const stop = async () => {
      setTimeout(() => void daemon.server.stop(), 30);
      return { pid: 2 ** 22 + 1, lists: [] };
    };
    const daemon = await fakeDaemon({ stop });
    const terminal = fakeTerminal();

    expect(await main(['stop', '--socket', daemon.socket], terminal)).toBe(0);
    expect(terminal.stdout).toBe(`the daemon (pid ${2 ** 22 + 1}) has ended\n`);
  });

  it('resets the fuse', async () => {
    const fuse = { tripped: false, bans: 20, withinMs: 60_000, recent: 3 };
    const { socket } = await fakeDaemon({ resetFuse: async () => fuse });
    const terminal = fakeTerminal();

    expect(await main(['fuse', 'reset', '--socket', socket], terminal)).toBe(0);
    expect(terminal.stdout).toBe('the fuse is whole: 3 bans in 1m, it trips past 20\n');
  });
});

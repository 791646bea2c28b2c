import { CommandError } from '@remand/api';
import {
  type CommandTable,
  FakeClock,
  memoryLogger,
  RecordingCommandRunner,
  settle,
} from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { IptablesAction } from '../src/iptables-action.ts';
import { options } from '../src/options.ts';

const signal = new AbortController().signal;

function missing(program: string): CommandError {
  return new CommandError('COMMAND_MISSING', `${program} is not installed`, { hint: 'install it' });
}

function failing(stderr: string): CommandError {
  return new CommandError('COMMAND_FAILED', `ended with 1: ${stderr}`, { exitCode: 1, stderr });
}

function actionOn(answers: CommandTable, given: object = {}) {
  const commands = new RecordingCommandRunner(answers);
  const logger = memoryLogger();
  const action = new IptablesAction({
    list: 'iptables-allports/sshd',
    options: options.parse(given),
    commands,
    clock: new FakeClock(),
    logger,
  });
  // What is recorded is not done: the chain is missing at every look.
  const events = () =>
    logger.lines
      .filter(({ event }) => event !== 'chain-put-right')
      .map(({ event, fields }) => ({ event, ...fields }));
  return { action, commands, events };
}

const noV6 =
  "ip6tables-save v1.8.9: can't initialize ip6tables table `filter': Address family not supported by protocol";

const noTable =
  "can't initialize ip6tables table `filter': Table does not exist (do you need to insmod?)";

describe('IptablesAction on a machine that lacks something', () => {
  it('says that iptables is missing, once', async () => {
    const { action, events } = actionOn({
      'iptables-save': missing('iptables-save'),
      'ip6tables-save': missing('ip6tables-save'),
    });

    await expect(action.start(signal)).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    expect(await action.list(signal)).toEqual({
      state: 'unavailable',
      reason: 'iptables-save is not installed',
      hint: 'install it',
    });
    expect(events()).toEqual([]);
  });

  it.each([
    ['ip6tables', missing('ip6tables-save'), 'ip6tables-save is not installed'],
    ['IPv6 in the kernel', failing(noV6), `ended with 1: ${noV6}`],
    ['the table of IPv6', failing(noTable), `ended with 1: ${noTable}`],
  ])(
    'works on in one family without %s, and refuses the other with the reason',
    async (_what, failure, reason) => {
      const { action, events } = actionOn({ 'ip6tables-save': failure }, { ipset: 'no' });
      await action.start(signal);

      const { refused } = await action.apply(
        [
          { op: 'add', target: '198.51.100.1', timeoutMs: null },
          { op: 'add', target: '2001:db8::1', timeoutMs: null },
        ],
        signal,
      );

      expect(refused).toEqual([{ index: 1, reason }]);
      expect(events()).toEqual([
        expect.objectContaining({ event: 'family-unavailable', family: 'IPv6', reason }),
      ]);
      expect(events()).toEqual([expect.objectContaining({ hint: expect.stringMatching(/./) })]);
    },
  );

  it.each([
    ['its program', { ipset: missing('ipset') }, 'install the package ipset'],
    [
      'its module',
      { ipset: failing('ipset v7.17: Cannot open session to kernel.') },
      'load the kernel modules',
    ],
    ['its match', { 'iptables-restore': withoutMatch() }, 'load the kernel modules'],
  ])('goes on with rules where ipset lacks %s, and says so once', async (_what, answers, hint) => {
    const { action, commands, events } = actionOn(answers as CommandTable);
    await action.start(signal);
    await action.start(signal);

    expect(action.limits.maxTimeoutMs).toBe(0);
    expect(events()).toEqual([
      expect.objectContaining({ event: 'ipset-unavailable', hint: expect.stringContaining(hint) }),
    ]);
    const scripts = commands.runs.filter(({ argv }) => argv[0] === 'iptables-restore');
    expect(scripts.at(-1)?.input).not.toContain('--match-set');
  });

  it('does not go on without ipset where it is asked for', async () => {
    const { action } = actionOn({ ipset: missing('ipset') }, { ipset: 'yes' });

    await expect(action.start(signal)).rejects.toMatchObject({
      message: 'ipset is not installed',
      hint: expect.stringContaining('ipset: no'),
    });
  });

  it.each([
    ['iptables-save v1.8.9: Permission denied (you must be root)', 'run remand as root'],
    ['Another app is currently holding the xtables lock', 'which other program'],
    ["chain `INPUT' in table `filter' is incompatible, use 'nft' tool.", 'use the action nftables'],
    ['something else', 'try `iptables -S` as root'],
  ])('says what to do about %s', async (stderr, hint) => {
    const { action } = actionOn({ 'iptables-save': failing(stderr) });

    expect(await action.list(signal)).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining(stderr),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('IptablesAction under watch', () => {
  it('shares its probes, asks for a reading once a minute, and ends with its signal', async () => {
    const clock = new FakeClock();
    const commands = new RecordingCommandRunner();
    const logger = memoryLogger();
    const watching = new AbortController();
    const told: string[] = [];
    for (const list of ['a', 'b']) {
      const given = { list: `iptables-allports/${list}`, options: options.parse({}) };
      const action = new IptablesAction({ ...given, commands, clock, logger });
      await action.flush(signal);
      action.watch((what) => told.push(`${list}: ${what}`), watching.signal);
    }
    commands.runs.splice(0);

    await clock.advanceAsync(5_000);
    expect(commands.lines).toEqual(['iptables-save -t filter', 'ip6tables-save -t filter']);
    await clock.advanceAsync(55_000);
    expect(told).toEqual(['a: a minute has passed', 'b: a minute has passed']);

    watching.abort();
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});

/** The rule with the set is refused, the others are not. */
function withoutMatch() {
  return (_argv: readonly string[], { input = '' }: { readonly input?: string }) =>
    input.includes('--match-set') ? failing("Couldn't load match `set'") : '';
}

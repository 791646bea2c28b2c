import type { SourceBatch, SourceHealth } from '@remand/api';
import { FakeClock, memoryLogger, RecordingCommandRunner, settle } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandSource } from '../src/command-source.ts';
import { type CommandOptions, commandOptions } from '../src/options.ts';

const start = Date.UTC(2027, 0, 15, 8);

class Rig {
  readonly clock = new FakeClock(start);
  readonly commands = new RecordingCommandRunner();
  readonly pushed: (Omit<SourceBatch, 'bytes'> & { readonly lines: readonly string[] })[] = [];
  readonly bookmarks = new Map<string, string>();
  health: SourceHealth | undefined;
  #source: CommandSource | undefined;

  async start(options: Partial<CommandOptions> & { argv: string[] }): Promise<void> {
    const { clock, commands } = this;
    const parsed = commandOptions.parse(options);
    const use = { id: 'command#0', jails: ['web'], lookBackMs: 600_000, options: parsed };
    this.#source = new CommandSource({ uses: [use], clock, commands, logger: memoryLogger() });
    const feed = {
      maxLineBytes: 100,
      bookmark: (stream: string) => this.bookmarks.get(stream),
      health: (_key: string, report: SourceHealth) => {
        this.health = report;
      },
      push: async ({ bytes, ...batch }: SourceBatch) => {
        this.bookmarks.set(batch.stream, batch.bookmark);
        const lines = Buffer.from(bytes).toString().split('\n').slice(0, -1);
        this.pushed.push({ ...batch, lines });
      },
    };
    await this.#source.start(feed, new AbortController().signal);
    await settle();
  }

  async stop(): Promise<void> {
    await this.#source?.stop();
  }

  get child() {
    const child = this.commands.streams.at(-1);
    if (!child) throw new Error('no program was started');
    return child;
  }

  async print(...lines: readonly string[]): Promise<void> {
    this.child.feed(...lines);
    await settle();
    await this.clock.advanceAsync(20);
    await settle();
  }

  get lines(): readonly string[] {
    return this.pushed.flatMap(({ lines }) => lines);
  }
}

let rig: Rig;

beforeEach(() => {
  rig = new Rig();
});

afterEach(async () => {
  await rig.stop();
});

describe(CommandSource.name, () => {
  it('hands over what a program prints, as it comes', async () => {
    await rig.start({ argv: ['tail', '-F', 'log'], header: 'none', timeZone: 'UTC' });

    await rig.print('one', 'x'.repeat(101), 'two');

    expect(rig.pushed).toEqual([
      expect.objectContaining({
        uses: ['command#0'],
        lines: ['one', 'two'],
        live: true,
        oversized: 1,
        header: 'none',
        timeZone: 'UTC',
      }),
    ]);
    expect(rig.child.argv).toEqual(['tail', '-F', 'log']);
    expect(rig.health).toMatchObject({ state: 'ok', label: 'tail -F log' });
  });

  it('asks for the lines of stderr where those are wanted', async () => {
    await rig.start({ argv: ['x'], stderr: 'lines' });

    expect(rig.child.options).toEqual({ withStderr: true });
  });

  it('starts it again, later each time, and says why it ended', async () => {
    await rig.start({ argv: ['x'] });
    rig.child.end(3, 'no such\x1b container\n');
    await settle();
    expect(rig.health).toMatchObject({
      state: 'degraded',
      reason: 'x ended with 3: no such\\x1b container',
    });

    await rig.clock.advanceAsync(1_000);
    expect(rig.commands.streams).toHaveLength(2);
    rig.child.end(3);
    await settle();
    await rig.clock.advanceAsync(1_000);
    expect(rig.commands.streams).toHaveLength(2);
    await rig.clock.advanceAsync(1_000);
    expect(rig.commands.streams).toHaveLength(3);
    await rig.print('one');

    expect(rig.lines).toEqual(['one']);
    expect(rig.health?.state).toBe('ok');
  });

  const stamped = { argv: ['docker', 'logs', '--since={since}'], timestamps: 'strip' } as const;
  const at = (second: string) => `2027-01-15T08:00:${second}Z`;

  it('goes on at the time of the last line, and takes none twice, over a restart of either', async () => {
    await rig.start({ ...stamped, argv: [...stamped.argv] });
    expect(rig.child.argv).toContain('--since=2027-01-15T07:50:00.000Z');
    await rig.print(`${at('00.1')} one`, `${at('00.2')} two`);

    rig.child.end(0);
    await settle();
    await rig.clock.advanceAsync(1_000);
    expect(rig.child.argv).toContain(`--since=${at('00.2')}`);
    await rig.print(`${at('00.2')} two`, `${at('00.2')} three`);
    await rig.stop();
    await rig.start({ ...stamped, argv: [...stamped.argv] });
    await rig.print(`${at('00.2')} two`, `${at('00.2')} three`, `${at('09')} four`);

    expect(rig.lines).toEqual(['one', 'two', 'three', 'four']);
  });

  it('gives lines the program that they are said to be of', async () => {
    await rig.start({ argv: ['x'], program: 'sshd' });
    await rig.print('Failed password');
    await rig.stop();
    await rig.start({ argv: ['x', '{since}'], timestamps: 'keep', program: 'sshd' });
    await rig.print(`${at('00')} Failed password`);

    expect(rig.lines).toEqual([
      'sshd: Failed password',
      `${at('00')} command sshd: Failed password`,
    ]);
  });

  it('takes old lines for backlog, by their times, and new ones for live', async () => {
    await rig.start({ ...stamped, argv: [...stamped.argv], timestamps: 'keep' });

    await rig.print('2027-01-15T07:55:00Z old', `${at('00')} new`);

    expect(rig.pushed.map(({ lines, live }) => [lines, live])).toEqual([
      [['2027-01-15T07:55:00Z old'], false],
      [[`${at('00')} new`], true],
    ]);
  });

  it('passes over lines without a time where times are to be expected, and says so', async () => {
    await rig.start({ ...stamped, argv: [...stamped.argv] });

    await rig.print('no time', `${at('00')} one`);

    expect(rig.lines).toEqual(['one']);
    expect(rig.health).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining('do not begin with a time'),
    });
  });

  it('leaves nothing at work when it is stopped', async () => {
    await rig.start({ argv: ['x'] });
    const { child } = rig;

    await rig.stop();
    await rig.stop();

    expect(child.stopped).toBe(true);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginMark, endMark } from '../src/block.ts';
import { HostsDenyAction } from '../src/hosts-deny-action.ts';
import hostsDeny from '../src/index.ts';
import { options } from '../src/options.ts';

const { signal } = new AbortController();
const add = (target: string) => ({ op: 'add', target, timeoutMs: null }) as const;
const remove = (target: string) => ({ op: 'remove', target, timeoutMs: null }) as const;

describe(HostsDenyAction, () => {
  let folder: string;
  let path: string;
  const clock = new FakeClock();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'remand-deny-'));
    path = join(folder, 'hosts.deny');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const text = () => readFileSync(path, 'utf8');

  function make(given: object = {}) {
    const logger = memoryLogger();
    const parsed = options.parse({ path, ...given });
    const list = hostsDeny.listKey?.(parsed, 'sshd') ?? '';
    return { action: new HostsDenyAction({ list, options: parsed, clock, logger }), logger };
  }

  it('writes bans of both families for the daemons that it is given', async () => {
    const { action } = make({ daemons: ['sshd', 'vsftpd'] });
    await action.start(signal);

    await action.apply(['198.51.100.7', '203.0.113.0/24', '2001:db8:0:1::/64'].map(add), signal);

    expect(text()).toBe(
      [
        beginMark,
        'sshd, vsftpd: 198.51.100.7',
        'sshd, vsftpd: 203.0.113.0/255.255.255.0',
        'sshd, vsftpd: [2001:db8:0:1::]/64',
        endMark,
        '',
      ].join('\n'),
    );
  });

  it('writes the bans of an earlier life for the daemons of now', async () => {
    const first = make({ daemons: ['sshd'] }).action;
    await first.apply([add('198.51.100.7')], signal);
    const { action } = make();
    expect(await action.list()).toEqual({ state: 'known', entries: [] });

    await action.start(signal);

    expect(text()).toContain('\nALL: 198.51.100.7\n');
    expect(text()).not.toContain('sshd');
  });

  it('does not touch a damaged block, says where it is, and goes on when it is repaired', async () => {
    const broken = `# mine\n${beginMark}\nALL: 198.51.100.7\nALL: 192.0.2.1\n`;
    writeFileSync(path, broken);
    const { action } = make();

    await expect(action.start(signal)).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(action.apply([add('198.51.100.8')], signal)).rejects.toThrow(`${path}:2:`);
    await expect(action.flush(signal)).rejects.toThrow('ends nowhere');
    expect(await action.list()).toMatchObject({
      state: 'unavailable',
      hint: expect.stringContaining('written anew'),
    });
    expect(text()).toBe(broken);

    writeFileSync(path, '# mine\n');
    await action.start(signal);
    await action.apply([add('198.51.100.8')], signal);
    expect(text()).toBe(`${beginMark}\nALL: 198.51.100.8\n${endMark}\n# mine\n`);
  });

  it('never removes the same line outside its block', async () => {
    writeFileSync(path, 'ALL: 198.51.100.7\n');
    const { action } = make();

    await action.apply([add('198.51.100.7')], signal);
    await action.apply([remove('198.51.100.7')], signal);
    await action.flush(signal);

    expect(text()).toBe('ALL: 198.51.100.7\n');
  });

  it('names lines of others in its block, once', async () => {
    writeFileSync(path, `${beginMark}\nsshd: .example.org\x1b[2J\n${endMark}\n`);
    const { action, logger } = make();

    await action.start(signal);
    await action.apply([add('198.51.100.7')], signal);

    expect(logger.fieldsOf('foreign-lines')).toEqual([
      expect.objectContaining({ lines: 1, first: 'sshd: .example.org\\x1b[2J' }),
    ]);
    expect(text()).toContain('.example.org\x1b[2J\n');
  });

  it('asks for a comparison when it wrote over the change of somebody else', async () => {
    const { action } = make();
    const told: string[] = [];
    action.watch((what) => told.push(what), signal);
    await action.apply(['198.51.100.7', '198.51.100.8'].map(add), signal);
    expect(told).toEqual([]);

    writeFileSync(path, '# emptied\n');
    await action.apply([add('198.51.100.9')], signal);

    expect(told).toEqual([`${path} was changed`]);
    expect(await action.list()).toMatchObject({ entries: [{ target: '198.51.100.9' }] });
  });

  it('stops looking when it is told to', async () => {
    const { action } = make();
    const watching = new AbortController();
    action.watch(() => undefined, watching.signal);
    clock.advance(10_000);
    expect(clock.pendingTimers).toBeGreaterThan(0);
    const before = clock.pendingTimers;

    watching.abort();

    expect(clock.pendingTimers).toBe(before - 1);
  });

  it('is one list for a path, and two for two', () => {
    const key = (given: object) => hostsDeny.listKey?.(options.parse(given), 'sshd');

    expect(key({})).toBe('hosts-deny/etc/hosts.deny');
    expect(key({ path: '/srv/hosts.deny' })).toBe('hosts-deny/srv/hosts.deny');
  });

  it.each([
    { path: 'hosts.deny' },
    { path: '/etc/../hosts.deny' },
    { path: '/etc/hosts.deny\nALL: ALL' },
    { path: '/' },
    { daemons: [] },
    { daemons: ['ALL: ALL #'] },
    { daemons: ['EXCEPT'] },
    { daemons: ['sshd\n'] },
    { daemons: ['sshd, ALL'] },
  ])('refuses the options %j', (given) => {
    expect(options.safeParse(given).success).toBe(false);
  });
});

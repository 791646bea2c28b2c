import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type KernelConfig } from '@remand/api';
import { findRc, loadRc } from '@remand/config';
import type { ChosenSources } from '@remand/kernel';
import { describe, expect, it } from 'vitest';
import { Reloader } from '../src/reloader.ts';
import { emptyReport } from './support/fake-kernel.ts';
import { memoryLogger } from './support/memory-logger.ts';
import { tempFolder } from './support/temp-folder.ts';

const jail = '  sshd: { filter: sshd, sources: [/var/log/auth.log], actions: [observe] }';

describe(Reloader.name, () => {
  it('reads the file and its drop-ins again, and puts the settings in force', async () => {
    const { reloader, write, folder, configs, logged, applied } = await setUp();
    write(`log: { level: debug, format: json }\njails:\n${jail}`);
    mkdirSync(join(folder, 'jails.d'), { mode: 0o700 });
    write(`jails:\n${jail.replace('sshd:', 'more:')}`, 'jails.d/more.yaml');

    const outcome = await reloader.reload();

    expect(outcome).toEqual({
      reloaded: true,
      files: [join(folder, 'remand.yaml'), join(folder, 'jails.d/more.yaml')],
      warnings: [],
      ...emptyReport,
    });
    expect(configs).toMatchObject([{ observe: true, jails: [{ name: 'sshd' }, { name: 'more' }] }]);
    expect(applied).toMatchObject([{ level: 'debug', format: 'json' }]);
    expect(logged()).toEqual(['reloading', 'reloaded']);
  });

  it.each([
    ['a mistake', `jails:\n${jail.replace('sshd,', 'sshd, maxRetry: three,')}`, ':5:'],
    ['no YAML', 'jails: [', ':5:'],
    ['another state', `state: { path: /elsewhere }\njails:\n${jail}`, ':4:16'],
    ['another socket', `control: { socket: /elsewhere }\njails:\n${jail}`, ':4:20'],
    ['another group', `control: { socket: SOCKET, group: adm }\njails:\n${jail}`, ':4:'],
  ])('refuses %s, says where, and changes nothing', async (_what, text, place) => {
    const { reloader, write, configs, logged, applied } = await setUp();
    write(text);

    const outcome = await reloader.reload();

    const problem = expect.objectContaining({
      place: expect.stringContaining(`remand.yaml${place}`),
    });
    expect(outcome).toEqual({ reloaded: false, problems: [problem] });
    expect(configs).toEqual([]);
    expect(applied).toEqual([]);
    expect(logged()).toEqual(['reloading', 'reload-problem', 'reload-refused']);
  });

  it('leaves a jail without sources with those that it was given at the start', async () => {
    const bare = jail.replace('sources: [/var/log/auth.log], ', '');
    const sources = [{ name: 'file', options: { paths: ['/elsewhere.log'] }, path: [] }];
    const chosen = [{ jail: 'sshd', filter: 'sshd', sources, reason: 'of the start' }];
    const { reloader, write, configs } = await setUp(undefined, chosen);

    write(`jails:\n${bare}\n${bare.replace('sshd:', 'other:')}`);
    await reloader.reload();
    write(`jails:\n${jail}`);
    await reloader.reload();
    write(`jails:\n${bare}`);
    await reloader.reload();

    const paths = configs.map(({ jails }) => jails.map((one) => one.sources[0]?.options));
    expect(paths[0]?.[0]).toEqual({ paths: ['/elsewhere.log'] });
    expect(paths[0]?.[1]).not.toEqual({ paths: ['/elsewhere.log'] });
    expect(paths[2]?.[0]).not.toEqual({ paths: ['/elsewhere.log'] });
  });

  it('says all that is wrong at once', async () => {
    const { reloader, write } = await setUp();
    const wrong = [
      jail.replace('filter: sshd', 'filter: sshf'),
      jail.replace('sshd:', 'mail:').replace('sshd,', 'sshd, maxRetry: x,'),
    ];
    write(['state: { path: /elsewhere }', 'jails:', ...wrong].join('\n'));

    const outcome = await reloader.reload();

    const problems = outcome.reloaded ? [] : outcome.problems.map(({ path }) => path);
    expect(problems).toEqual(['state.path', 'jails.sshd.filter', 'jails.mail.maxRetry']);
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['may be written by others', (file: string) => chmodSync(file, 0o666)],
  ])('refuses a file that %s', async (_what, spoil) => {
    const { reloader, folder, configs } = await setUp();
    spoil(join(folder, 'remand.yaml'));

    const outcome = await reloader.reload();

    expect(outcome).toMatchObject({ reloaded: false, problems: [{ path: '' }] });
    expect(configs).toEqual([]);
  });

  it('shows what the kernel refuses with its place', async () => {
    const problems = [{ path: ['jails', 'sshd', 'actions', 0], message: 'action: it threw' }];
    const { reloader, applied } = await setUp(() => {
      throw new ConfigError('CONFIG_INVALID', 'one mistake', { problems });
    });

    const outcome = await reloader.reload();

    expect(outcome).toMatchObject({
      reloaded: false,
      problems: [{ path: 'jails.sshd.actions[0]', message: 'action: it threw' }],
    });
    expect(JSON.stringify(outcome)).toContain('remand.yaml:5:');
    expect(applied).toEqual([]);
  });

  it('reads one time after the other, so that the last file counts', async () => {
    const gate = Promise.withResolvers<void>();
    const { reloader, write, configs } = await setUp(() => gate.promise);
    const first = reloader.reload();
    await expect.poll(() => configs).toHaveLength(1);

    const second = reloader.reload();
    write(`jails:\n${jail.replace('sshd:', 'later:')}`);
    gate.resolve();
    await Promise.all([first, second]);

    expect(configs.map(({ jails }) => jails[0]?.name)).toEqual(['sshd', 'later']);
  });
});

const missing = () => {
  throw new Error('no program is run here');
};

async function setUp(
  onReload: (config: KernelConfig) => void | Promise<void> = () => undefined,
  chosen: readonly ChosenSources[] = [],
) {
  const folder = tempFolder();
  const head = {
    state: `state: { path: ${folder}/state }`,
    control: `control: { socket: ${folder}/control.sock }`,
  };
  const write = (text: string, name = 'remand.yaml') => {
    const lines =
      name === 'remand.yaml'
        ? // What the text says itself takes the place of a line of the head.
          ['version: 1', ...Object.entries(head).map(([key, line]) => ownLine(text, key, line))]
        : [];
    const body = [...lines, text].join('\n').replace('SOCKET', `${folder}/control.sock`);
    writeFileSync(join(folder, name), `${body}\n`, { mode: 0o600 });
  };
  write(`jails:\n${jail}`);
  const found = await findRc({
    explicitPath: join(folder, 'remand.yaml'),
    cwd: '/',
    isRoot: process.getuid?.() === 0,
  });
  const { settings } = await loadRc(found);
  if (!settings) throw new Error('the first file is wrong');
  const logger = memoryLogger();
  const applied: unknown[] = [];
  const configs: KernelConfig[] = [];
  const reloader = new Reloader({
    found,
    settings,
    observe: true,
    ownSocket: false,
    commands: { run: missing, stream: missing },
    chosen,
    logger: { ...logger, configure: (one) => void applied.push(one) },
    kernel: {
      reload: async (config) => {
        configs.push(config);
        await onReload(config);
        return emptyReport;
      },
    },
  });
  const logged = () => logger.lines.map(({ event }) => event);
  return { reloader, write, folder, configs, applied, logged };
}

function ownLine(text: string, key: string, line: string): string {
  return text.startsWith(`${key}:`) ? '# said below' : line;
}

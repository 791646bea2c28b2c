import { type AnyPlugin, definePlugin } from '@remand/api';
import { anyOptions, FakeClock, memoryAction, scriptedFilter } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { planKernel } from '../../src/plugins/plan.ts';
import { jail, use } from '../kernel-rig.ts';
import { colourFilter, module, problemsOf } from './loading.ts';

describe(planKernel.name, () => {
  it.each([
    [{ colour: 'gren' }, ['colour'], 'got "gren": wanted "red" or "green"', 'green'],
    [{ color: 'red' }, [], 'unknown option "color"', 'colour'],
  ])('says where options are wrong: %j', async (options, path, message, near) => {
    const jails = [jail({ name: 'ssh', filter: use('colour', options) })];

    const problems = await problemsOf({ jails }, { plugins: [colourFilter] });

    expect(problems).toEqual([
      {
        path: ['uses', 'colour', 'colour', ...path],
        message,
        hint: `did you mean "${near}"?`,
      },
    ]);
  });

  it('says so when options cannot be checked', async () => {
    const throwing: AnyPlugin<'filter'> = {
      ...scriptedFilter({ name: 'throwing' }),
      options: {
        '~standard': {
          ...anyOptions['~standard'],
          validate: () => {
            throw new Error('broken');
          },
        },
      },
    };
    const jails = [jail({ name: 'ssh', filter: use('throwing') })];

    expect(await problemsOf({ jails }, { plugins: [throwing] })).toMatchObject([
      { message: 'the options of filter throwing cannot be checked: broken' },
    ]);
  });

  it('refuses an equal list with other options', async () => {
    const problems = await problemsOf({
      jails: [
        jail({ name: 'one', actions: [use('memory', { list: 'x', port: 1 })] }),
        jail({ name: 'two', actions: [use('memory', { list: 'x', port: 2 })] }),
        jail({ name: 'three', actions: [use('memory', { list: 'y', port: 2 })] }),
      ],
    });

    expect(problems).toEqual([
      {
        path: ['uses', 'memory'],
        message: 'list x is given other options here than by one',
        hint: 'holders that share a list need equal options',
      },
    ]);
  });

  it('lets jails share a list with equal options', async () => {
    const actions = [use('memory', { list: 'x', ports: [1, 2] })];

    const jails = [jail({ name: 'one', actions }), jail({ name: 'two', actions })];

    expect(await problemsOf({ jails, defaultActions: actions })).toEqual([]);
  });

  it('refuses an action that cannot name its list', async () => {
    const nameless: AnyPlugin<'action'> = {
      ...memoryAction({ clock: new FakeClock(), name: 'nameless' }).plugin,
      listKey: () => {
        throw new Error('which?');
      },
    };
    const jails = [jail({ name: 'ssh', actions: [use('nameless')] })];

    expect(await problemsOf({ jails }, { plugins: [nameless] })).toMatchObject([
      { message: 'action nameless cannot name its list: which?' },
    ]);
  });

  it.each([
    ['admin', '"admin" is a name that remand uses itself'],
    ['network', '"network" is a name that remand uses itself'],
    ['recovered', '"recovered" is a name that remand uses itself'],
    ['SSH', 'the name of a jail must be 1 to 20 of a-z, 0-9 and -, got "SSH"'],
    ['', 'the name of a jail must be 1 to 20 of a-z, 0-9 and -, got ""'],
    [
      'a'.repeat(21),
      `the name of a jail must be 1 to 20 of a-z, 0-9 and -, got "${'a'.repeat(21)}"`,
    ],
  ])('refuses a jail named "%s"', async (name, message) => {
    const problems = await problemsOf({ jails: [jail({ name })] });

    expect(problems).toEqual([{ path: ['jails', name], message, at: 'key' }]);
  });

  it('refuses two jails of one name', async () => {
    const problems = await problemsOf({ jails: [jail({ name: 'ssh' }), jail({ name: 'ssh' })] });

    expect(problems).toMatchObject([{ message: 'there are two jails named "ssh"' }]);
  });

  it('takes a jail named constructor', async () => {
    expect(await problemsOf({ jails: [jail({ name: 'constructor' })] })).toEqual([]);
  });

  it('refuses a jail without sources, and one without actions unless it observes', async () => {
    const jails = [
      jail({ name: 'deaf', sources: [] }),
      jail({ name: 'mute', actions: [] }),
      jail({ name: 'watching', actions: [], observe: true }),
    ];

    expect(await problemsOf({ jails })).toMatchObject([
      { path: ['jails', 'deaf'], message: 'jail deaf has no sources' },
      { path: ['jails', 'mute'], message: 'jail mute has no actions, so it would ban nobody' },
    ]);
    expect(await problemsOf({ jails: jails.slice(1), observe: true })).toEqual([]);
  });

  it.each([
    '192.0.2',
    '192.0.2.256',
    '192.0.2.0/33',
    '2001:db8::/129',
    'a b',
    '-x.example',
    '',
    '::g',
  ])('refuses %j in neverBan', async (entry) => {
    const problems = await problemsOf({ neverBan: ['192.0.2.1', entry] });

    expect(problems).toMatchObject([
      { path: ['neverBan', 1], message: expect.stringContaining(`got "${entry}"`) },
    ]);
  });

  it('takes addresses, ranges and names in neverBan', async () => {
    const neverBan = ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32', 'home.example', 'localhost'];

    expect(await problemsOf({ neverBan })).toEqual([]);
  });

  it('tells every mistake at once', async () => {
    const problems = await problemsOf(
      {
        plugins: [module('gone'), module('empty', 1)],
        neverBan: ['1.2.3'],
        jails: [
          jail({ name: 'admin', filter: use('scriptd'), sources: [] }),
          jail({ name: 'ssh', filter: use('colour', { colour: 'blue' }), actions: [] }),
        ],
        notifiers: [use('recoder')],
      },
      { modules: { gone: new Error('gone') }, plugins: [colourFilter] },
    );

    expect(problems.map(({ message }) => message).sort()).toEqual([
      '"admin" is a name that remand uses itself',
      'empty exports no plugin',
      expect.stringContaining('got "1.2.3"'),
      'got "blue": wanted "red" or "green"',
      'jail admin has no sources',
      'jail ssh has no actions, so it would ban nobody',
      'plugin gone cannot be loaded: gone',
      'there is no filter named "scriptd"',
      'there is no notifier named "recoder"',
    ]);
  });
});

describe('the instances of a kernel', () => {
  it('are all made before anything that a factory throws is told, and disposed again', async () => {
    const list = memoryAction({ clock: new FakeClock(), name: 'counted' });
    const throwing = (name: string) =>
      definePlugin({
        kind: 'filter',
        name,
        apiVersion: 1,
        summary: 'Throws.',
        options: anyOptions,
        inject: [],
        create: () => {
          throw new Error(`${name}\x1b broken`);
        },
      });
    const jails = [
      jail({ name: 'one', filter: use('bad'), actions: [use('counted')] }),
      jail({ name: 'two', filter: use('worse'), actions: [use('counted')] }),
    ];

    const problems = await problemsOf(
      { jails },
      { plugins: [throwing('bad'), throwing('worse'), list.plugin] },
    );

    expect(problems).toEqual([
      {
        path: ['uses', 'bad'],
        message: 'filter bad of one cannot be created: bad\\x1b broken',
        hint: 'create only makes the instance: what can fail belongs into start',
        code: 'PLUGIN_CREATE',
      },
      {
        path: ['uses', 'worse'],
        message: 'filter worse of two cannot be created: worse\\x1b broken',
        hint: 'create only makes the instance: what can fail belongs into start',
        code: 'PLUGIN_CREATE',
      },
    ]);
    expect(list.list('counted/one').calls).toMatchObject({ start: 0, dispose: 1 });
  });

  it('get no token that plugins may not have', async () => {
    const greedy = {
      ...scriptedFilter({ name: 'greedy' }),
      inject: [Symbol.for('remand/ledger@1')],
    } as unknown as AnyPlugin<'filter'>;
    const jails = [jail({ name: 'ssh', filter: use('greedy') })];

    expect(await problemsOf({ jails }, { plugins: [greedy] })).toMatchObject([
      { message: expect.stringMatching(/^filter greedy of ssh wants .*remand\/ledger@1.* cannot/) },
    ]);
  });
});

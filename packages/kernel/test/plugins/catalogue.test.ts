import { scriptedFilter } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/plugins/catalogue.ts';
import { jail, use } from '../kernel-rig.ts';
import { module, problemsOf } from './loading.ts';

const mine = scriptedFilter({ name: 'mine' });
const usesMine = { jails: [jail({ name: 'ssh', filter: use('mine') })] };

describe(Catalogue.name, () => {
  it('finds a plugin that a module exports by default or by name, twice or once', async () => {
    const modules = { 'my-plugin': { default: mine, mine, helper: () => 1, other: { kind: 'x' } } };

    expect(await problemsOf({ ...usesMine, plugins: [module('my-plugin')] }, { modules })).toEqual(
      [],
    );
  });

  it('names the nearest plugin of the kind for a name that is not known', async () => {
    const problems = await problemsOf({
      jails: [
        jail({
          name: 'ssh',
          filter: use('scriptd'),
          sources: [use('fed')],
          actions: [use('memroy')],
        }),
      ],
      notifiers: [use('recoder')],
    });

    expect(problems).toEqual([
      { path: ['uses', 'scriptd'], ...unknown('filter', 'scriptd', 'scripted') },
      { path: ['uses', 'fed'], ...unknown('source', 'fed', 'feed') },
      { path: ['uses', 'memroy'], ...unknown('action', 'memroy', 'memory') },
      { path: ['uses', 'recoder'], ...unknown('notifier', 'recoder', 'recorder') },
    ]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'knows no plugin named %s, and lists what there is',
    async (name) => {
      const problems = await problemsOf({ jails: [jail({ name: 'ssh', filter: use(name) })] });

      expect(problems).toMatchObject([
        {
          message: `there is no filter named "${name}"`,
          hint: expect.stringContaining('there are: scripted;'),
        },
      ]);
    },
  );

  it('knows a plugin of one kind not as one of another', async () => {
    const problems = await problemsOf({ jails: [jail({ name: 'ssh', filter: use('memory') })] });

    expect(problems).toMatchObject([{ message: 'there is no filter named "memory"' }]);
  });

  it('says which module cannot be imported, and why', async () => {
    const modules = { gone: new Error('no such\nmodule') };

    const problems = await problemsOf({ plugins: [module('gone', 3)] }, { modules });

    expect(problems).toMatchObject([
      { path: ['plugins', 3], message: 'plugin gone cannot be loaded: no such\\nmodule' },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['a function', { default: () => undefined }],
    ['something else', { default: { name: 'x' } }],
  ])('refuses a module that exports %s', async (_what, exports) => {
    const modules = { odd: exports };

    const problems = await problemsOf({ plugins: [module('odd')] }, { modules });

    expect(problems).toMatchObject([{ path: ['plugins', 0], message: 'odd exports no plugin' }]);
  });

  it.each([
    [{ apiVersion: 2 }, '"mine" was built for version 2 of the plugin contracts'],
    [{ apiVersion: undefined }, '"mine" was built for version undefined'],
    [{ kind: 'firewall' }, '"mine" has no kind of source, filter, action, notifier'],
    [{ name: 'Mine' }, 'its name must be 1 to 40 of a-z, 0-9 and -'],
    [{ name: undefined }, 'its name must be 1 to 40 of a-z, 0-9 and -'],
    [{ options: {} }, '"mine" has options that are no Standard Schema with a JSON Schema'],
    [{ options: { '~standard': { validate: () => 1 } } }, '"mine" has options that are no'],
    [{ inject: ['clock'] }, '"mine" has an inject that is no list of tokens'],
    [{ inject: undefined }, '"mine" has an inject that is no list of tokens'],
    [{ create: 'x' }, '"mine" has no create function'],
    [{ kind: 'action', scope: 'jail' }, '"mine" has an ownership that is neither own nor shared'],
    [{ kind: 'action', ownership: 'own' }, '"mine" has a scope that is neither jail nor host'],
  ])('refuses a plugin with %j', async (wrong, message) => {
    const modules = { odd: { default: { ...mine, ...wrong } } };

    const problems = await problemsOf({ plugins: [module('odd')] }, { modules });

    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`plugin odd: ${message}`);
  });

  it('refuses a bundled plugin that was built for another version', async () => {
    const future = { ...mine, apiVersion: 2 } as unknown as typeof mine;

    const problems = await problemsOf(usesMine, { plugins: [future] });

    expect(problems).toMatchObject([
      {
        path: ['uses', 'mine'],
        message: expect.stringMatching(/bundled filter mine: "mine" was built for version 2/),
      },
    ]);
  });

  it('refuses a second plugin of a kind and name', async () => {
    const modules = { one: { default: mine }, two: { default: { ...mine } } };

    const problems = await problemsOf(
      { plugins: [module('one'), module('two', 1)], ...usesMine },
      { modules },
    );

    expect(problems).toEqual([
      {
        path: ['plugins', 1],
        message: 'the filter "mine" of two has the name of one of one',
        hint: 'list only one of the two, or have the author rename it',
        code: 'PLUGIN_DUPLICATE',
      },
    ]);
  });

  it('refuses a plugin with the name of a bundled one, not one of another kind', async () => {
    const modules = {
      one: { default: scriptedFilter() },
      two: { default: scriptedFilter({ name: 'memory' }) },
    };

    const problems = await problemsOf({ plugins: [module('one'), module('two', 1)] }, { modules });

    expect(problems).toMatchObject([
      { message: 'the filter "scripted" of one has the name of one of remand itself' },
    ]);
  });
});

function unknown(
  kind: string,
  name: string,
  near: string,
): { message: string; hint: string; code: string } {
  return {
    message: `there is no ${kind} named "${name}"`,
    hint: `did you mean "${near}"?`,
    code: 'PLUGIN_NOT_FOUND',
  };
}

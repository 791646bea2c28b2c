import { type AnyPlugin, definePlugin, type SourcePresence } from '@remand/api';
import { anyOptions, RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { chooseSources } from '../../src/plugins/choose-sources.ts';
import { bundle, jail, kernelConfig } from '../kernel-rig.ts';

/** A source whose look finds what the name of its log says. */
const where: AnyPlugin<'source'> = definePlugin({
  kind: 'source',
  name: 'where',
  apiVersion: 1,
  summary: 'Finds what it is told.',
  options: anyOptions,
  inject: [],
  look: async ({ options }) => {
    const { found } = options as { readonly found: SourcePresence | 'throws' };
    if (found === 'throws') throw new Error('made to fail by the test');
    return found;
  },
  create: () => ({ start: async () => undefined }),
});

const usual = (...found: readonly string[]): AnyPlugin<'filter'> =>
  definePlugin({
    kind: 'filter',
    name: 'usual',
    apiVersion: 1,
    summary: 'Names sources.',
    options: anyOptions,
    inject: [],
    usualSources: () => found.map((one) => ({ name: 'where', options: { found: one } })),
    create: () => ({ match: () => undefined }),
  });

async function choose(filter: AnyPlugin<'filter'>, look = true) {
  const web = jail({
    name: 'web',
    filter: { name: 'usual', options: {}, path: [] },
    sources: [],
    path: ['jails', 'web'],
  });
  return chooseSources({
    config: kernelConfig({ jails: [web] }),
    bundled: bundle([where, filter]),
    ...(look && { commands: new RecordingCommandRunner() }),
  });
}

describe(chooseSources.name, () => {
  it.each([
    [['silent', 'logs', 'logs'], 1, 'has lines of it'],
    [['absent', 'silent', 'absent', 'silent'], 1, 'has no lines of it yet'],
    [['throws', 'absent'], 0, 'is not there yet'],
  ])('takes of %j number %i, the first of those that show most', async (found, index, words) => {
    const { config, chosen } = await choose(usual(...found));

    const use = {
      name: 'where',
      options: { found: found[index] },
      path: ['jails', 'web', 'sources', 0],
    };
    expect(config.jails[0]?.sources).toEqual([use]);
    expect(chosen).toEqual([
      {
        jail: 'web',
        filter: 'usual',
        sources: [use],
        reason: `usual for filter usual: the where ${words}`,
      },
    ]);
  });

  it('takes the first one where it cannot look', async () => {
    const { config } = await choose(usual('absent', 'logs'), false);

    expect(config.jails[0]?.sources[0]?.options).toEqual({ found: 'absent' });
  });

  it('leaves a jail alone whose filter names none', async () => {
    const { config, chosen } = await choose(usual());

    expect(config.jails[0]?.sources).toEqual([]);
    expect(chosen).toEqual([]);
  });
});

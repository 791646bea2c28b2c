import { definePlugin } from '@remand/api';
import { anyOptions } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { jail, KernelRig, lineAt, use } from './kernel-rig.ts';

/** `abuse from PEER for LIST`. */
const behind = definePlugin({
  ...{ kind: 'filter', name: 'behind', apiVersion: 1, summary: 'Reads who is behind a proxy.' },
  options: anyOptions,
  inject: [],
  create: () => ({
    match: (message) => {
      const found = /^abuse from (\S+) for (.*)$/.exec(message);
      return found ? { address: found[1] ?? '', forwardedFor: found[2] ?? '' } : undefined;
    },
  }),
});

const abuse = (peer: string, list: string) => lineAt(0, `abuse from ${peer} for ${list}`);

async function banned(lines: readonly string[]): Promise<readonly string[]> {
  const rig = new KernelRig();
  const config = {
    jails: [jail({ name: 'web', filter: use('behind'), maxRetry: 1 })],
    // As the configuration has it: a proxy is never banned.
    ...{ neverBan: ['10.0.0.0/8'], trustedProxies: ['10.0.0.0/8'] },
  };
  await rig.start(config, { plugins: [behind] });
  await rig.feed.push([...lines]);
  return (await rig.control.bans({})).map(({ address }) => address);
}

describe('a kernel behind trusted proxies', () => {
  it('bans the client that a proxy saw', async () => {
    expect(await banned([abuse('10.0.0.1', '203.0.113.9, 198.51.100.7')])).toEqual([
      '198.51.100.7',
    ]);
  });

  it('bans no proxy', async () => {
    const lines = [abuse('10.0.0.1', 'unknown'), abuse('10.0.0.1', '10.0.0.2')];

    expect(await banned(lines)).toEqual([]);
  });

  it('bans a peer that only claims to be one', async () => {
    expect(await banned([abuse('198.51.100.7', '203.0.113.9')])).toEqual(['198.51.100.7']);
  });
});

import { definePlugin } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aChange, aNotice, aSourceUse, validOptions } from '../src/index.ts';

const plugin = definePlugin({
  kind: 'source',
  name: 'mine',
  apiVersion: 1,
  summary: 'Mine.',
  options: z.strictObject({ path: z.string().default('/var/log/x') }),
  inject: [],
  create: () => ({ start: async () => undefined }),
});

describe('the builders', () => {
  it('have the defaults of the schema', async () => {
    expect(await validOptions(plugin)).toEqual({ path: '/var/log/x' });
    expect(await aSourceUse(plugin, { path: '/y' }, { jails: ['a'] })).toEqual({
      id: 'mine#0',
      jails: ['a'],
      lookBackMs: 600_000,
      options: { path: '/y' },
    });
  });

  it('refuse what the schema refuses', async () => {
    await expect(validOptions(plugin, { pth: 1 })).rejects.toThrow('the options are refused');
  });

  it('make changes and notices that fit together', () => {
    expect(aChange()).toMatchObject({ op: 'add', timeoutMs: 3_600_000 });
    expect(aChange({ op: 'remove' }).timeoutMs).toBeNull();
    expect(aNotice({ address: '192.0.2.9', at: 5 })).toMatchObject({
      at: 5,
      summary: 'sshd banned 192.0.2.9',
      until: 3_600_005,
    });
  });
});

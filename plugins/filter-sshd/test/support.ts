import { readFileSync } from 'node:fs';
import type { Filter, Match } from '@remand/api';
import plugin from '../src/index.ts';

export type Mode = 'normal' | 'ddos' | 'extra' | 'aggressive';
export const modes: readonly Mode[] = ['normal', 'ddos', 'extra', 'aggressive'];

export const filters: Readonly<Record<Mode, Filter>> = {
  normal: plugin.create({ options: { mode: 'normal' } }),
  ddos: plugin.create({ options: { mode: 'ddos' } }),
  extra: plugin.create({ options: { mode: 'extra' } }),
  aggressive: plugin.create({ options: { mode: 'aggressive' } }),
};

/** What the kernel gets of a message: only lines with one of the prefixes are offered. */
export function offer(mode: Mode, message: string): Match | undefined {
  const filter = filters[mode];
  if (!filter.prefixes?.some((prefix) => message.startsWith(prefix))) return undefined;
  return filter.match(message, { program: 'sshd', pid: 1 });
}

export interface Sample {
  readonly mode: string;
  readonly shape: string;
  readonly address: string;
  readonly user: string | undefined;
  readonly message: string;
}

export const samples: readonly Sample[] = readFileSync(
  new URL('samples.txt', import.meta.url),
  'latin1',
)
  .split('\n')
  .filter((row) => row !== '' && !row.startsWith('#'))
  .map((row) => {
    const [mode = '', shape = '', address = '', user = '', ...message] = row.split('|');
    const account = user === "''" ? '' : user || undefined;
    return { mode, shape, address, user: account, message: message.join('|') };
  });

import { readFileSync } from 'node:fs';
import type { Filter, Match } from '@remand/api';
import plugin from '../src/index.ts';

const defaults = ['fail2ban', 'recidive', 'remand'];

export function filterWith(except: readonly string[] = defaults): Filter {
  return plugin.create({ options: { except: [...except] } });
}

/** What the kernel gets of a message: only lines with one of the prefixes are offered. */
export function offer(filter: Filter, message: string, program?: string): Match | undefined {
  if (!filter.prefixes?.some((prefix) => message.startsWith(prefix))) return undefined;
  return filter.match(message, { program, pid: undefined });
}

export interface Sample {
  readonly form: string;
  readonly program: string | undefined;
  readonly jail: string;
  readonly address: string;
  readonly message: string;
}

export const samples: readonly Sample[] = readFileSync(
  new URL('samples.txt', import.meta.url),
  'latin1',
)
  .split('\n')
  .filter((row) => row !== '' && !row.startsWith('#'))
  .map((row) => {
    const [form = '', program = '', jail = '', address = '', ...message] = row.split('|');
    return { form, program: program || undefined, jail, address, message: message.join('|') };
  });

import { filterContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { patterns } from '../src/patterns.ts';
import { innerOf } from '../src/unwrap.ts';
import { filters, samples } from './support.ts';

const cases = filterContract({
  filter: filters.aggressive,
  table: patterns,
  samples: samples.map(({ mode, shape, address, user, message }) =>
    mode === '-' ? { message } : { message, pattern: shape, address: address || undefined, user },
  ),
  unwrap: (message) => {
    const { text, start } = innerOf(message) ?? { text: message, start: 0 };
    return text.slice(start);
  },
});

describe('sshd as a filter', () => {
  it.each(cases)('$title', ({ run }) => run(), 30_000);
});

import { filterContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { patterns } from '../src/patterns.ts';
import { filterWith, samples } from './support.ts';

const cases = filterContract({
  filter: filterWith(),
  table: patterns,
  samples: samples.map(({ form, program, address, message }) =>
    form === 'none' || form === 'except'
      ? { message, program }
      : { message, program, pattern: form, address },
  ),
});

describe('fail2ban as a filter', () => {
  it.each(cases)('$title', ({ run }) => run(), 30_000);
});

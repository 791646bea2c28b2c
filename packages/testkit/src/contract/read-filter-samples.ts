import type { FilterSample } from './filter-contract.ts';

/**
 * Reads samples of a filter, one a line: `pattern|program|address|user|message`. `-` in the place of
 * the pattern is a line that is no match; an empty program is the filter's first, `-` a header without
 * one; an empty user is not looked at, `\'\'` is the empty one. `#` begins a remark.
 */
export function readFilterSamples(text: string): readonly FilterSample[] {
  return text
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith('#'))
    .map((row) => {
      const [pattern = '', program = '', address = '', user = '', ...message] = row.split('|');
      return {
        message: message.join('|'),
        ...(pattern !== '-' && { pattern }),
        ...(program !== '' && { program: program === '-' ? null : program }),
        ...(address !== '' && { address }),
        ...(user !== '' && { user: user === "''" ? '' : user }),
      };
    });
}

import { describe, expect, it } from 'vitest';
import { allProblems } from '../src/open-rc.ts';

const place = (file: string, line: number) => ({ file, line, column: 1 });

describe(allProblems.name, () => {
  it('puts those of the kernel between those of the file, in its order', () => {
    const rc = {
      problems: [
        { path: ['a'], message: 'first', location: place('remand.yaml', 2) },
        { path: ['c'], message: 'third', location: place('remand.yaml', 9) },
        { path: ['d'], message: 'drop-in', location: place('jails.d/x.yaml', 1) },
      ],
      locate: () => place('remand.yaml', 5),
    };

    const all = allProblems(rc, [
      { path: ['b'], message: 'second' },
      { path: ['a'], message: 'the same again' },
    ]);

    expect(all.map(({ message }) => message)).toEqual(['first', 'second', 'third', 'drop-in']);
  });
});

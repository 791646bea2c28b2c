import { describe, expect, it } from 'vitest';
import { knownPrograms } from '../../src/neighbours/known-programs.ts';
import { Neighbours } from '../../src/neighbours/neighbours.ts';
import { memoryLogger } from '../support/memory-logger.ts';

describe(Neighbours.name, () => {
  it('looks again after ten seconds, and not before', async () => {
    let now = 0;
    let looks = 0;
    const look = async () => {
      looks++;
      return { found: [], unseen: [] };
    };
    const neighbours = new Neighbours(look, () => now);
    const ask = () => neighbours.of({ lists: [], jails: [] });

    await Promise.all([ask(), ask()]);
    now = 9_000;
    await ask();
    expect(looks).toBe(1);
    now = 11_000;
    expect(await ask()).toEqual({ found: [], unseen: [] });

    expect(looks).toBe(2);
  });

  it('logs those that run', async () => {
    const logger = memoryLogger();
    const found = knownPrograms.map((known, index) => ({
      known,
      state: index === 0 ? ('running' as const) : ('enabled' as const),
      blocks: true,
      pid: null,
      foundBy: ['socket'],
      keepsIn: '',
    }));

    await new Neighbours(async () => ({ found, unseen: [] })).log(logger);

    expect(logger.lines).toEqual([expect.objectContaining({ level: 'warn', event: 'neighbour' })]);
  });
});

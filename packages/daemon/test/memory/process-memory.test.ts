import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { processMemory } from '../../src/memory/process-memory.ts';

describe('processMemory', () => {
  it('frees what nobody uses', () => {
    let garbage: number[][] | undefined = Array.from({ length: 400 }, () =>
      Array(50_000).fill(1.5),
    );
    expect(garbage).toHaveLength(400);
    const before = getHeapStatistics().total_physical_size;

    garbage = undefined;
    processMemory.release();

    expect(getHeapStatistics().total_physical_size).toBeLessThan(before - 100 * 1024 * 1024);
  });
});

import { memoryLogger } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryKeeper } from '../../src/memory/memory-keeper.ts';
import type { ProcessMemory } from '../../src/memory/process-memory.ts';

const mb = 1024 * 1024;

class FakeMemory implements ProcessMemory {
  rssMb = 90;
  busy = 0;
  released = 0;

  rss() {
    return this.rssMb * mb;
  }

  busyMs() {
    return this.busy;
  }

  release() {
    this.released++;
    this.rssMb = 130;
  }
}

function rig() {
  const memory = new FakeMemory();
  const keeper = new MemoryKeeper({ memory, logger: memoryLogger() });
  return { memory, keeper };
}

describe(MemoryKeeper, () => {
  it('gives back what a burst left behind, once it is quiet', () => {
    const { memory, keeper } = rig();
    memory.rssMb = 300;
    memory.busy = 4_000;

    keeper.look();
    expect(memory.released).toBe(0);
    keeper.look();

    expect(memory.released).toBe(1);
  });

  it('leaves a process alone that has been at work for a twentieth of the time', () => {
    const { memory, keeper } = rig();
    memory.rssMb = 300;

    memory.busy += 250;
    keeper.look();
    expect(memory.released).toBe(0);
    memory.busy += 249;
    keeper.look();

    expect(memory.released).toBe(1);
  });

  it('pauses for nothing that is not worth it', () => {
    const { memory, keeper } = rig();
    memory.rssMb = 121;

    keeper.look();

    expect(memory.released).toBe(0);
  });

  it('does not try again at once what it could not get back', () => {
    const { memory, keeper } = rig();
    memory.rssMb = 300;
    keeper.look();
    expect(memory.released).toBe(1);

    memory.rssMb = 300;
    for (let look = 0; look < 11; look++) keeper.look();
    expect(memory.released).toBe(1);
    keeper.look();

    expect(memory.released).toBe(2);
  });

  it('takes what is left after a release for what is needed', () => {
    const { memory, keeper } = rig();
    memory.rssMb = 300;
    keeper.look();

    for (let look = 0; look < 100; look++) keeper.look();

    expect(memory.released).toBe(1);
  });
});

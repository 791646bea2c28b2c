import { describe, expect, it } from 'vitest';
import { Gatherer } from '../src/index.ts';

class Rig {
  readonly batches: number[][] = [];
  time = 1_000;
  timers: { at: number; callback: () => void }[] = [];
  block: Promise<void> | undefined;
  failure: Error | undefined;
  readonly gatherer = new Gatherer<number>({
    most: 5,
    clock: {
      now: () => this.time,
      monotonic: () => this.time,
      after: (ms, callback) => {
        const timer = { at: this.time + ms, callback };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
    },
    hand: async (items) => {
      if (this.failure) throw this.failure;
      this.batches.push([...items]);
      await this.block;
    },
  });

  async advance(ms: number): Promise<void> {
    this.time += ms;
    for (const { at, callback } of this.timers) if (at <= this.time) callback();
    await turn();
  }
}

async function turn(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

describe(Gatherer.name, () => {
  it('hands over at once what comes after a silence, together with what came with it', async () => {
    const { gatherer, batches } = new Rig();

    gatherer.add(1);
    gatherer.add(2);
    await turn();

    expect(batches).toEqual([[1, 2]]);
  });

  it('makes batches of what comes fast', async () => {
    const rig = new Rig();
    rig.gatherer.add(1);
    await turn();

    rig.gatherer.add(2);
    await rig.advance(10);
    rig.gatherer.add(3);
    await turn();
    expect(rig.batches).toEqual([[1]]);
    await rig.advance(10);

    expect(rig.batches).toEqual([[1], [2, 3]]);
    expect(rig.timers).toEqual([]);
  });

  it('waits no longer once enough is there, and says so to who adds', async () => {
    const rig = new Rig();
    rig.gatherer.add(1);
    await turn();

    const answers = [2, 3, 4, 5, 6].map((item) => rig.gatherer.add(item));
    await answers.at(-1);
    await turn();

    expect(answers.map((answer) => answer === undefined)).toEqual([true, true, true, true, false]);
    expect(rig.batches).toEqual([[1], [2, 3, 4, 5, 6]]);
  });

  it('hands over one batch at a time', async () => {
    const rig = new Rig();
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.block = promise;
    rig.gatherer.add(1);
    await turn();

    rig.gatherer.add(2);
    await rig.advance(1_000);
    expect(rig.batches).toEqual([[1]]);
    rig.block = undefined;
    resolve();
    await rig.gatherer.settled();

    expect(rig.batches).toEqual([[1], [2]]);
  });

  it('takes nothing more after a failure', async () => {
    const rig = new Rig();
    rig.failure = new Error('stopped');

    rig.gatherer.add(1);

    await expect(rig.gatherer.settled()).rejects.toThrow('stopped');
    expect(() => rig.gatherer.add(2)).toThrow('stopped');
  });
});

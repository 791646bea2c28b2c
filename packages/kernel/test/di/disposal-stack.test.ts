import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { DisposalStack } from '../../src/di/disposal-stack.ts';

describe(DisposalStack, () => {
  it('releases in reverse order and goes on after a throw', async () => {
    const stack = new DisposalStack(new FakeClock(), 1000);
    const order: string[] = [];
    stack.add({ name: 'first', dispose: () => void order.push('first') });
    stack.add({
      name: 'bad',
      dispose: () => {
        throw new Error('no');
      },
    });
    stack.add({ name: 'last', dispose: () => void order.push('last') });

    const failures = await stack.disposeAll();

    expect(order).toEqual(['last', 'first']);
    expect(failures.map(({ name }) => name)).toEqual(['bad']);
  });

  it('gives up on one that hangs and releases the rest', async () => {
    const clock = new FakeClock();
    const stack = new DisposalStack(clock, 1000);
    let released = false;
    stack.add({
      name: 'first',
      dispose: () => {
        released = true;
      },
    });
    stack.add({ name: 'hangs', dispose: () => new Promise(() => undefined) });

    const done = stack.disposeAll();
    await clock.advanceAsync(1000);

    expect((await done).map(({ name }) => name)).toEqual(['hangs']);
    expect(released).toBe(true);
  });

  it('does nothing the second time', async () => {
    const stack = new DisposalStack(new FakeClock(), 1000);
    let times = 0;
    stack.add({ name: 'once', dispose: () => void times++ });

    await stack.disposeAll();
    await stack.disposeAll();

    expect(times).toBe(1);
  });
});

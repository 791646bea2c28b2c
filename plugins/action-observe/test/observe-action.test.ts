import { FakeClock } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { ObserveAction } from '../src/observe-action.ts';

describe(ObserveAction, () => {
  it('records what would be blocked until it ends', async () => {
    const clock = new FakeClock();
    const action = new ObserveAction(clock);
    await action.apply([
      { op: 'add', target: '192.0.2.1', timeoutMs: 1_000 },
      { op: 'add', target: '192.0.2.2', timeoutMs: null },
      { op: 'add', target: '192.0.2.3', timeoutMs: 9_000 },
      { op: 'remove', target: '192.0.2.3', timeoutMs: null },
    ]);
    clock.advance(500);

    expect(await action.list()).toEqual({
      state: 'known',
      entries: [
        { target: '192.0.2.1', remainingMs: 500 },
        { target: '192.0.2.2', remainingMs: null },
      ],
    });

    clock.advance(500);
    expect(await action.list()).toMatchObject({ entries: [{ target: '192.0.2.2' }] });

    await action.flush();
    expect(await action.list()).toMatchObject({ entries: [] });
  });
});

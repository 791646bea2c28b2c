import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../src/index.ts';

describe(FakeClock.name, () => {
  it('fires due timers in order, each at its own time', () => {
    const clock = new FakeClock(1_000);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b ${clock.now()}`));
    clock.after(10, () => {
      fired.push(`a ${clock.now()}`);
      clock.after(5, () => fired.push(`nested ${clock.now()}`));
    });
    clock.after(20, () => fired.push(`c ${clock.now()}`));
    clock.after(31, () => fired.push('too late'));

    clock.advance(30);

    expect(fired).toEqual(['a 1010', 'nested 1015', 'b 1020', 'c 1020']);
    expect([clock.now(), clock.monotonic(), clock.pendingTimers]).toEqual([1_030, 30, 1]);
  });

  it('does not fire a timer that was stopped', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    const cancel = clock.after(10, () => fired.push('fired'));

    cancel();
    cancel();
    clock.advance(10);

    expect(fired).toEqual([]);
  });

  it('lets asynchronous work go on between timers', async () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    const loop = async () => {
      fired.push(clock.monotonic());
      await settle();
      clock.after(10, loop);
    };
    clock.after(10, loop);

    await clock.advanceAsync(30);

    expect(fired).toEqual([10, 20, 30]);
  });

  it('steps the wall clock alone', () => {
    const clock = new FakeClock(1_000);

    clock.setWall(50);
    clock.advance(7);

    expect([clock.now(), clock.monotonic()]).toEqual([57, 7]);
  });

  it('refuses timers that start each other without end', () => {
    const clock = new FakeClock();
    const again = () => {
      clock.after(0, again);
    };
    again();

    expect(() => clock.advance(1)).toThrow('without end');
  });
});

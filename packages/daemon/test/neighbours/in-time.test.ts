import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inTime } from '../../src/neighbours/in-time.ts';

describe(inTime, () => {
  it('hands over what ends in time, also a failure, and leaves no timer', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());

    expect(await inTime(Promise.resolve(1), 1_000)).toBe(1);
    await expect(inTime(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no');

    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up what never ends', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());

    const asked = inTime(new Promise(() => undefined), 3_000);
    const given = expect(asked).rejects.toThrow('did not answer within 3 s');
    await vi.advanceTimersByTimeAsync(3_000);

    await given;
  });
});

import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again every 50 ms, or `everyMs`, until the answer is true; throws after `withinMs`. */
export async function waitFor(
  what: string,
  check: () => boolean | Promise<boolean>,
  withinMs = 20_000,
  everyMs = 50,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await sleep(everyMs);
  }
}

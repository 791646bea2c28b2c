import { randomFillSync } from 'node:crypto';
import type { Clock } from '@remand/api';

/**
 * Makes the id of an entry or a notice: a UUID of version 7 (RFC 9562 §5.7). Ids of one clock
 * rise strictly, also within one millisecond and after the clock was set back: the 12 bits of
 * `rand_a` are a counter that starts at random in its lower half (§6.2, method 1) and carries
 * into the timestamp.
 */
export function newEntryId(clock: Clock): string {
  const last = lastOf(clock);
  const now = Math.max(0, Math.floor(clock.now()));
  const random = nextRandom();
  if (now > last.ms) {
    last.ms = now;
    last.counter = byteAt(random) | ((byteAt(random + 1) & 0x07) << 8);
  } else if (last.counter < 0xfff) {
    last.counter += 1;
  } else {
    last.ms += 1;
    last.counter = 0;
  }
  const time = last.ms.toString(16).padStart(12, '0');
  const counter = last.counter.toString(16).padStart(3, '0');
  const variant = 0x80 | (byteAt(random + 2) & 0x3f);
  const head = `${time.slice(0, 8)}-${time.slice(8, 12)}-7${counter}`;
  return `${head}-${hex(variant)}${hexAt(random + 3)}-${tail(random + 4)}`;
}

/** When an id was made, in ms since the epoch; NaN when it is none of ours. */
export function timeOfEntryId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

interface Last {
  ms: number;
  counter: number;
}

// By clock, so that a virtual clock in the same process keeps its own time.
const lastByClock = new WeakMap<Clock, Last>();

function lastOf(clock: Clock): Last {
  const known = lastByClock.get(clock);
  if (known) return known;
  const fresh = { ms: -1, counter: 0 };
  lastByClock.set(clock, fresh);
  return fresh;
}

const bytesPerId = 10;
const pool = new Uint8Array(bytesPerId * 400);
let poolUsed = pool.length;

// A call into the system's generator costs more than the rest of an id.
function nextRandom(): number {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const start = poolUsed;
  poolUsed += bytesPerId;
  return start;
}

function byteAt(index: number): number {
  return pool[index] ?? 0;
}

const hexTable = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(byte: number): string {
  return hexTable[byte] ?? '00';
}

function hexAt(index: number): string {
  return hex(byteAt(index));
}

function tail(start: number): string {
  let text = '';
  for (let index = start; index < start + 6; index += 1) text += hexAt(index);
  return text;
}

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
  bytes.writeUIntBE(last.ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.counter, 6);
  bytes[8] = 0x80 | (byteAt(random + 2) & 0x3f);
  for (let index = 9; index < 16; index++) bytes[index] = byteAt(random + index - 6);
  return dashed(bytes);
}

const bytes = Buffer.alloc(16);
const text = Buffer.alloc(36, '-');
const digits = Buffer.from('0123456789abcdef');
/** Where in the text each byte stands (RFC 9562 §4). */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** In one piece: a string that was put together of others keeps all of them. */
function dashed(id: Buffer): string {
  for (let index = 0; index < 16; index++) {
    const byte = id[index] ?? 0;
    const place = places[index] ?? 0;
    text[place] = digits[byte >> 4] ?? 0;
    text[place + 1] = digits[byte & 15] ?? 0;
  }
  return text.toString('latin1');
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

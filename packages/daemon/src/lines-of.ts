import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const maxLine = 1024 * 1024;

/**
 * Lines of a stream without their ends, read only as fast as they are taken. A line is cut at
 * `max` characters and its rest is skipped. Ends with the stream, also when that is cut off.
 */
export async function* linesOf(stream: Readable, max = maxLine): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  for await (const chunk of untilClosed(stream)) {
    const parts = decoder.write(chunk).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield (partial + part).slice(0, max);
      partial = '';
    }
    if (partial.length < max) partial += last;
  }
  partial += decoder.end();
  if (partial !== '') yield partial.slice(0, max);
}

async function* untilClosed(stream: Readable): AsyncGenerator<Buffer, undefined> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch {
    // A pipe that breaks is the end of what the program said; `exited` tells how it ended.
  }
}

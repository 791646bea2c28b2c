import { ConfigError } from '@remand/api';

/** The longest request line, in bytes. */
export const maxRequestBytes = 64 * 1024;

/**
 * The lines of a stream, without their ends. The next chunk is read only when the last line was
 * dealt with, so a client that does not wait cannot fill our memory.
 * @throws ConfigError when a line is longer than `maxRequestBytes`
 */
export async function* requestLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      const part = chunk.subarray(start, end < 0 ? chunk.length : end);
      restBytes += part.length;
      if (restBytes > maxRequestBytes) throw tooLong();
      rest.push(part);
      if (end < 0) break;
      const line = Buffer.concat(rest).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
  }
}

function tooLong(): ConfigError {
  return new ConfigError('USAGE', `a request is longer than ${maxRequestBytes} bytes`);
}

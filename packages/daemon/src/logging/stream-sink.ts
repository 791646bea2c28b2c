import type { Writable } from 'node:stream';
import type { LogSink } from './safe-target.ts';

/** Most text that may wait for a reader that does not read, in bytes. */
const mostQueued = 1024 * 1024;

/** Writes to a stream that somebody else owns, such as stderr. A reader that left is no event. */
export function streamSink(stream: Writable): LogSink {
  const ignore = () => undefined;
  stream.on('error', ignore);
  return {
    write: (text, done) => {
      if (stream.destroyed || !stream.writable || stream.writableLength > mostQueued) return false;
      stream.write(text, done);
      return true;
    },
    drain: (deadlineMs) => drained(stream, deadlineMs),
    close: () => {
      // Late errors of what was written last must not become uncaught ones: the listener stays.
    },
  };
}

/** Resolves when the stream has passed on all it was given, or failed, or the time is over. */
export function drained(stream: Writable, deadlineMs: number): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stream.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, deadlineMs);
    stream.once('close', done);
    stream.write('', done);
  });
}

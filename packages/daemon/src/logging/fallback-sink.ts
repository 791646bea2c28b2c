import type { LogSink } from './safe-target.ts';

/** Writes to the first sink; to the second only what the first does not take or fails to write. */
export function fallbackSink(first: LogSink, second: LogSink): LogSink {
  return {
    write: (text) => {
      const taken = first.write(text, (error) => {
        if (error) second.write(text);
      });
      return taken || second.write(text);
    },
    drain: async (deadlineMs) => {
      await first.drain(deadlineMs);
      await second.drain(deadlineMs);
    },
    close: () => {
      first.close();
      second.close();
    },
  };
}

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SourceRig, sourceContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { realClock } from '../../../test/support/namespace.ts';
import syslogSource from '../src/index.ts';

/** By TCP with octet counting (RFC 6587), so that a message can hold a line feed. */
async function setUp(): Promise<SourceRig> {
  const folder = mkdtempSync(join(tmpdir(), 'remand-syslog-'));
  const port = 20_000 + (process.pid % 20_000);
  return {
    clock: realClock,
    options: { tcp: `127.0.0.1:${port}` },
    write: async (messages) => {
      const socket = createConnection(port, '127.0.0.1');
      await once(socket, 'connect');
      for (const message of messages) {
        const frame = Buffer.from(`<38>Jan 15 08:00:00 host app[1]: ${message}`, 'utf8');
        socket.write(Buffer.concat([Buffer.from(`${frame.length} `), frame]));
      }
      socket.end();
      await once(socket, 'close');
      await sleep(50);
    },
    passTime: (ms) => sleep(Math.min(ms, 200)),
    tearDown: async () => rmSync(folder, { recursive: true }),
  };
}

describe('syslog keeps the contract of sources', () => {
  const given = {
    ...{ plugin: syslogSource, setUp, keepsBacklog: false },
    endedBy: 'message' as const,
  };
  for (const { title, run } of sourceContract(given)) it(title, run, 20_000);
});

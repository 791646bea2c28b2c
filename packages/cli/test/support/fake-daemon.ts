import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ControlServer } from '../../../daemon/src/control/control-server.ts';
import { fakeVerbs } from '../../../daemon/test/support/fake-verbs.ts';
import { memoryLogger } from '../../../daemon/test/support/memory-logger.ts';

type Verbs = ReturnType<typeof fakeVerbs>;

/** A control socket in a folder of this test's own, with verbs that the test gives. */
export async function fakeDaemon(verbs: Partial<Verbs>) {
  const folder = mkdtempSync(join(tmpdir(), 'remand-'));
  const socket = join(folder, 'control.sock');
  const server = new ControlServer({
    place: { path: socket },
    served: fakeVerbs(verbs),
    logger: memoryLogger(),
  });
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return { socket, server, folder };
}

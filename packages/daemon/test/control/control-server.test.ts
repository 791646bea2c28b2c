import { once } from 'node:events';
import { chmodSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ControlServer, type ControlServerGiven } from '../../src/control/control-server.ts';
import { emptyStatus, fakeVerbs } from '../support/fake-verbs.ts';
import { memoryLogger } from '../support/memory-logger.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe(ControlServer.name, () => {
  it('answers the requests of a connection in order', async () => {
    const { path } = await started();

    const answers = await talk(path, '{"id":1,"verb":"status"}\n{"id":2,"verb":"nonsense"}\n');

    expect(answers).toMatchObject([
      { id: 1, ok: true, result: { version: '0.0.0' } },
      { id: 2, ok: false },
    ]);
  });

  it('is never wider than its owner, whatever the umask', async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const { path } = await started();

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o022).toBe(0);
    expect(process.umask()).toBe(0);
  });

  it('opens the socket to a group when one is given', async () => {
    const gid = process.getgid?.() ?? 0;
    const path = join(tempFolder(), 'control.sock');
    await started({ place: { path, gid } });

    expect(statSync(path)).toMatchObject({ gid });
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });

  it('refuses a line of more than 64 KiB and hangs up', async () => {
    const { path } = await started();

    const answers = await talk(path, `{"id":1,"verb":"${'x'.repeat(70_000)}`);

    expect(answers).toMatchObject([{ id: null, ok: false, error: { code: 'USAGE' } }]);
  });

  it('streams an answer that is larger than any buffer', async () => {
    const bans = Array.from({ length: 100_000 }, (_, index) => ({
      address: `2001:db8:0:${index.toString(16)}::/64`,
      until: null,
      holds: [],
      enforced: true,
    }));
    const { path } = await started({ served: fakeVerbs({ bans: async () => bans }) });

    const [response] = await talk(path, '{"id":1,"verb":"bans"}\n');

    expect(response).toEqual({ id: 1, ok: true, result: bans });
  });

  it('hangs up on a client that does nothing', async () => {
    const { path } = await started({ idleMs: 20 });
    const client = connect(path);

    expect(await text(client)).toBe('');
  });

  it('waits for a verb that takes longer than a client may be idle', async () => {
    const status = () => new Promise((resolve) => setTimeout(resolve, 60, emptyStatus()));
    const { path } = await started({ idleMs: 20, served: fakeVerbs({ status } as never) });

    expect(await talk(path, '{"id":1,"verb":"status"}\n')).toMatchObject([{ ok: true }]);
  });

  it('turns away more connections than it wants', async () => {
    const { path } = await started({ maxConnections: 1 });
    const first = connect(path);
    await once(first, 'connect');

    expect(await text(connect(path))).toBe('');
    first.destroy();
  });

  it('replaces the socket of a daemon that is gone', async () => {
    const path = join(tempFolder(), 'control.sock');
    await staleSocket(path);

    await started({ place: { path } });

    expect(await talk(path, '{"id":1,"verb":"status"}\n')).toMatchObject([{ ok: true }]);
  });

  it('refuses a socket on which another daemon answers', async () => {
    const { path } = await started();

    await expect(started({ place: { path } })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    expect(await talk(path, '{"id":1,"verb":"status"}\n')).toMatchObject([{ ok: true }]);
  });

  it('never removes what is no socket', async () => {
    const path = join(tempFolder(), 'control.sock');
    writeFileSync(path, 'precious');

    await expect(started({ place: { path } })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    expect(statSync(path).size).toBe(8);
  });

  it('says so when a path is longer than a socket may have', async () => {
    const path = join(tempFolder(), 'x'.repeat(120));

    await expect(started({ place: { path } })).rejects.toThrow(/longer than 107 bytes/);
  });

  it('hangs up on everybody and removes the socket when it stops', async () => {
    const { path, server } = await started();
    const client = connect(path);
    await once(client, 'connect');

    await server.stop();
    await server.stop();

    expect(await text(client)).toBe('');
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});

async function started(some: Partial<ControlServerGiven> = {}) {
  const path = some.place?.path ?? join(tempFolder(), 'remand', 'control.sock');
  const served = fakeVerbs({ status: async () => emptyStatus() });
  const server = new ControlServer({ place: { path }, served, logger: memoryLogger(), ...some });
  onTestFinished(() => server.stop());
  await server.start();
  return { path, server };
}

/** What a client gets that writes `requests`, closes its side and reads to the end. */
async function talk(path: string, requests: string): Promise<unknown[]> {
  const client = connect({ path, allowHalfOpen: true });
  client.end(requests);
  const answers = await text(client);
  return answers
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A socket file that nobody listens on any more. */
async function staleSocket(path: string): Promise<void> {
  const aside = `${path}.aside`;
  mkdirSync(aside);
  const server = createServer().listen(join(aside, 's'));
  await once(server, 'listening');
  linkSync(join(aside, 's'), path);
  chmodSync(path, 0o600);
  await new Promise((resolve) => server.close(resolve));
}

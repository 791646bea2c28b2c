import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ControlClient } from '../../src/client/control-client.ts';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { statusReport } from '../support/samples.ts';

describe(ControlClient.name, () => {
  it('asks as often as it likes over one connection', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const { socket } = await fakeDaemon({ status: async () => statusReport() });
    const client = new ControlClient(socket);

    for (let i = 0; i < 20; i++) expect(await client.call('status', {})).toEqual(statusReport());
    await new Promise((resolve) => setImmediate(resolve));

    client.close();
    expect(warnings).toEqual([]);
  });

  it('says so when the daemon hangs up instead of answering', async () => {
    const { socket, server } = await fakeDaemon({ status: () => new Promise(() => undefined) });
    const client = new ControlClient(socket);
    const asked = client.call('status', {});
    const failed = expect(asked).rejects.toThrow('the daemon hung up before it answered');
    await new Promise((resolve) => setTimeout(resolve, 20));

    await server.stop();

    await failed;
    expect(await client.hungUp(1_000)).toBe(true);
  });

  it('escapes what somebody else on the socket says', async () => {
    const { folder } = await fakeDaemon({});
    const path = join(folder, 'other.sock');
    const error = { code: 'NONE', message: '\u001b[2J', hint: '\u202e' };
    const server = createServer((socket) => {
      socket.end(`${JSON.stringify({ id: 1, ok: false, error })}\n`);
    }).listen(path);
    onTestFinished(() => void server.close());
    await once(server, 'listening');

    await expect(new ControlClient(path).call('status', {})).rejects.toMatchObject({
      code: 'INTERNAL',
      message: '\\x1b[2J',
      hint: '\\u{202e}',
    });
  });
});

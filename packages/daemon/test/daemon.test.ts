import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CommandError } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { Daemon } from '../src/daemon.ts';
import { fakeEvents } from './support/fake-events.ts';
import { fakeKernel } from './support/fake-kernel.ts';
import { emptyStatus } from './support/fake-verbs.ts';
import { memoryLogger } from './support/memory-logger.ts';
import { tempFolder } from './support/temp-folder.ts';

describe(Daemon.name, () => {
  it.each(['SIGTERM', 'SIGINT'])('drains and ends with 0 on %s', async (signal) => {
    const { kernel, events, path, ran, listening } = launch();
    await listening();

    events.terminate(signal);

    expect(await ran).toBe(0);
    expect(kernel.calls).toEqual(['start', 'stop']);
    expect(existsSync(path)).toBe(false);
    expect(events.isReleased()).toBe(true);
    expect(events.exits).toEqual([]);
  });

  it('ends at once on a second signal', async () => {
    const never = new Promise<void>(() => undefined);
    const { events, listening } = launch(fakeKernel({ stop: () => never }));
    await listening();

    events.terminate('SIGTERM');
    events.terminate('SIGINT');

    expect(events.exits).toEqual([1]);
  });

  it('does not wait for what does not end, and exits 1', async () => {
    const never = new Promise<void>(() => undefined);
    const { events, logger, ran, listening } = launch(fakeKernel({ stop: () => never }), 10);
    await listening();

    events.terminate('SIGTERM');

    expect(await ran).toBe(1);
    expect(logger.lines.map(({ event }) => event)).toContain('stop-timed-out');
  });

  it('ends in order with 1 after an error that nobody caught', async () => {
    const { kernel, events, logger, ran, listening } = launch();
    await listening();

    events.uncaught(new Error('boom\u001b[2J'));

    expect(await ran).toBe(1);
    expect(kernel.calls).toEqual(['start', 'stop']);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'internal-error',
        fields: expect.objectContaining({ reason: 'boom\\x1b[2J' }),
      }),
    );
  });

  it('reloads on SIGHUP and over the socket, and goes on when that fails', async () => {
    const { events, path, reloads, ran, listening } = launch();
    await listening();

    events.hangup();
    await expect.poll(() => reloads).toHaveLength(1);
    const answer = await ask(path, '{"id":1,"verb":"reload"}\n', false);
    const refused = await ask(path, '{"id":2,"verb":"reload"}\n', false);
    events.hangup();
    await expect.poll(() => reloads).toHaveLength(4);

    expect(answer).toEqual({ id: 1, ok: true, result: { reloaded: false, problems: [] } });
    expect(refused).toMatchObject({ ok: false, error: { code: 'REFUSED' } });
    events.terminate('SIGTERM');
    expect(await ran).toBe(0);
  });

  it('reloads after its start when the signal comes before', async () => {
    const started = Promise.withResolvers<void>();
    const { events, reloads, ran, listening } = launch(
      fakeKernel({ start: () => started.promise }),
    );

    events.hangup();
    await Promise.resolve();
    expect(reloads).toEqual([]);
    started.resolve();
    await listening();

    await expect.poll(() => reloads).toHaveLength(1);
    events.terminate('SIGTERM');
    await ran;
  });

  it('flushes and stops over the socket, and hangs up last', async () => {
    const lists = [{ list: 'nftables', removed: true }];
    const { kernel, path, ran, listening } = launch(
      fakeKernel({ control: { flush: async () => ({ lists }) } }),
    );
    await listening();

    const answer = await ask(path, '{"id":1,"verb":"stop","args":{"flush":true}}');

    expect(answer).toEqual({ id: 1, ok: true, result: { pid: process.pid, lists } });
    expect(kernel.calls).toEqual(['start', 'stop --flush']);
    expect(await ran).toBe(0);
  });

  it('lets questions wait until the kernel has started', async () => {
    const started = Promise.withResolvers<void>();
    const status = async () => emptyStatus();
    const { path, events, ran } = launch(
      fakeKernel({ start: () => started.promise, control: { status } }),
    );
    await expect.poll(() => existsSync(path)).toBe(true);

    const answer = ask(path, '{"id":1,"verb":"status"}\n', false);
    started.resolve();

    expect(await answer).toMatchObject({ ok: true });
    events.terminate('SIGTERM');
    await ran;
  });

  it('cleans up and says why when the kernel cannot start', async () => {
    const start = () => Promise.reject(new CommandError('STATE_IN_USE', 'taken'));
    const { kernel, path, events, ran } = launch(fakeKernel({ start }));

    await expect(ran).rejects.toMatchObject({ code: 'STATE_IN_USE' });
    expect(kernel.calls).toEqual(['start', 'stop']);
    expect(existsSync(path)).toBe(false);
    expect(events.isReleased()).toBe(true);
  });

  it('touches nothing when another daemon has the socket', async () => {
    const first = launch();
    await first.listening();
    const second = launch(fakeKernel(), 1000, first.path);

    await expect(second.ran).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    expect(second.kernel.calls).toEqual(['stop']);
    expect(existsSync(first.path)).toBe(true);
    first.events.terminate('SIGTERM');
    expect(await first.ran).toBe(0);
  });
});

function launch(
  kernel = fakeKernel(),
  drainMs = 1000,
  path = join(tempFolder(), 'remand', 'control.sock'),
) {
  const events = fakeEvents();
  const logger = memoryLogger();
  const reloads: number[] = [];
  const reload = async () => {
    reloads.push(reloads.length);
    if (reloads.length > 2) throw new CommandError('REFUSED', 'not now');
    return { reloaded: false, problems: [] } as const;
  };
  const daemon = new Daemon({ kernel, logger, events, socket: { path }, drainMs, reload });
  const ran = daemon.run();
  // Whoever expects a failure looks at `ran` itself, but maybe later.
  ran.catch(() => undefined);
  const listening = () =>
    expect.poll(() => logger.lines.map(({ event }) => event)).toContain('listening');
  return { kernel, events, logger, path, reloads, ran, listening };
}

/** The first answer; by default waits until the daemon hangs up. */
async function ask(path: string, line: string, toTheEnd = true): Promise<unknown> {
  const client = connect({ path, allowHalfOpen: true });
  if (toTheEnd) client.write(`${line}\n`);
  else client.end(line);
  return JSON.parse(await text(client));
}

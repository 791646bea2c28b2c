import { appendFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

interface Response {
  readonly id: string | number | null;
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

describe('the control socket', () => {
  let daemon: Daemon;
  let socket: string;

  beforeEach(async () => {
    daemon = new Daemon();
    socket = join(daemon.folder, 'control.sock');
    daemon.configure('  sshd: { filter: sshd, sources: [LOG], observe: true, maxRetry: 1 }');
    await daemon.start();
  });

  afterEach(() => daemon.remove());

  /** Writes text, and gives what the daemon says until it hangs up or has said enough lines. */
  function ask(text: string, answers = 1): Promise<readonly Response[]> {
    return new Promise((resolve, reject) => {
      const client = connect(socket);
      let received = '';
      const done = () => {
        client.destroy();
        const lines = received.split('\n').filter((line) => line !== '');
        resolve(lines.map((line) => JSON.parse(line)));
      };
      client.setTimeout(10_000, () => reject(new Error(`no answer; received: ${received}`)));
      client.on('data', (chunk) => {
        received += chunk.toString();
        if (received.split('\n').length > answers) done();
      });
      // Hung up on while still writing: what was said before counts.
      client.on('error', () => undefined);
      client.on('close', done);
      client.write(text);
    });
  }

  const request = (verb: string, args: unknown) => `${JSON.stringify({ id: 7, verb, args })}\n`;

  it('is open to its owner alone', () => {
    const stats = statSync(socket);

    expect(stats.isSocket()).toBe(true);
    expect((stats.mode & 0o777).toString(8)).toBe('600');
  });

  it('refuses a request of a megabyte and goes on', async () => {
    const long = request('why', { address: 'x'.repeat(1024 * 1024) });

    const [refusal] = await ask(long);

    expect(refusal).toMatchObject({ id: null, ok: false, error: { code: 'USAGE' } });
    expect(refusal?.error?.message).toMatch(/longer than 65536 bytes/);
    expect(daemon.running).toBe(true);
    appendFileSync(daemon.log, failedPassword('198.18.0.7'));
    await waitFor('the ban', async () => (await daemon.bans()).length === 1);
  });

  it('refuses a megabyte that never ends', async () => {
    const [refusal] = await ask('x'.repeat(1024 * 1024));

    expect(refusal).toMatchObject({ id: null, ok: false, error: { code: 'USAGE' } });
    expect((await daemon.cli('status')).code).toBe(0);
  });

  it('refuses what is no request, unknown verbs and wrong arguments, and changes nothing', async () => {
    appendFileSync(daemon.log, failedPassword('198.18.0.7'));
    await waitFor('the ban', async () => (await daemon.bans()).length === 1);
    const bad = [
      'status\n',
      '[]\n',
      '{"verb":"status"}\n',
      `${JSON.stringify({ id: 1, verb: 'status', args: {}, sudo: true })}\n`,
      request('staus', {}),
      request('constructor', {}),
      request('__proto__', {}),
      request('status', { all: true }),
      request('bans', { since: 'yesterday' }),
      request('ban', {}),
      request('ban', { address: '198.18.0.8; reboot' }),
      request('ban', { address: '198.18.0.8', forMs: -1 }),
      request('ban', { address: '198.18.0.8', forMs: '1h' }),
      request('ban', { address: '198.18.0.8', command: 'reboot' }),
      request('unban', { address: ['198.18.0.7'] }),
      request('flush', { list: 5 }),
      request('stop', { flush: 'yes' }),
    ];

    const answers = await ask(bad.join(''), bad.length);

    expect(answers.map(({ ok }) => ok)).toEqual(bad.map(() => false));
    for (const { error } of answers) expect(error?.code).not.toBe('INTERNAL');
    expect(answers[4]?.error).toMatchObject({
      code: 'USAGE',
      hint: expect.stringMatching(/status/),
    });
    expect((await daemon.bans()).map(({ address }) => address)).toEqual(['198.18.0.7']);
    expect(daemon.running).toBe(true);
  });

  it('ends the daemon for `remand stop`, which returns when it is gone', async () => {
    const { pid = 0 } = daemon;

    const { code, stdout } = await daemon.cli('stop');

    expect(code).toBe(0);
    expect(stdout).toContain(`(pid ${pid})`);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(() => statSync(socket)).toThrow(/ENOENT/);
    expect((await daemon.cli('stop')).code).toBe(1);
  });
});

import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, type Notice } from '@remand/api';
import {
  FakeClock,
  hostileNotice,
  hostileTexts,
  memoryLogger,
  sampleNotices,
} from '@remand/testkit';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { payload } from '../src/payload.ts';
import { flood, HttpServer, hang, status } from './support/http-server.ts';

const { ban } = sampleNotices;
const secret = 'a key of some length';

describe('a webhook', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remand-hook-'));
  const secretFile = join(folder, 'key');
  let server: HttpServer;

  beforeEach(async () => {
    server = await HttpServer.start();
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(secretFile, { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function notifier(given: object = {}) {
    const clock = new FakeClock();
    const logger = memoryLogger();
    const options = plugin.options.parse({ url: `${server.url}/hook`, host: 'web1', ...given });
    const made = plugin.create({ options }, clock, logger);
    const deliver = (notices: readonly Notice[] = [ban], signal = new AbortController().signal) =>
      made.deliver(notices, signal);
    const caught = async (...notices: readonly Notice[]) => {
      const error = await deliver(notices.length > 0 ? notices : [ban]).catch((one) => one);
      return error as CommandError;
    };
    return { made, clock, logger, deliver, caught };
  }

  it('posts all notices as JSON of its version, once', async () => {
    await notifier().deliver([ban, { ...ban, id: '2', until: null }]);

    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(request?.headers['content-type']).toBe('application/json');
    const body = JSON.parse(request?.body ?? '');
    expect(payload.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      version: 1,
      host: 'web1',
      notices: [{ address: '192.0.2.7', until: '2026-01-05T10:10:00.000Z' }, { until: null }],
    });
  });

  it('signs the body and the time, as its README checks it', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const [, code = ''] = /```js\nimport[^\n]*\n([\s\S]*?)```/.exec(readme) ?? [];
    const build = new Function(
      'createHmac',
      'timingSafeEqual',
      `${code.replace('export ', '')}; return isFromRemand;`,
    );
    const isFromRemand = build(createHmac, timingSafeEqual);
    const { deliver, clock } = notifier({ secretFile });

    await deliver();

    const { headers = {}, body = '' } = server.requests[0] ?? {};
    expect(isFromRemand(headers, body, secret, clock.now())).toBe(true);
    expect(isFromRemand(headers, `${body} `, secret, clock.now())).toBe(false);
    expect(isFromRemand(headers, body, 'another key', clock.now())).toBe(false);
    expect(isFromRemand(headers, body, secret, clock.now() + 600_000)).toBe(false);
    expect(isFromRemand({}, body, secret, clock.now())).toBe(false);
  });

  it('reads secrets anew for each request, and shows none of them', async () => {
    const headers = { Authorization: { file: secretFile, prefix: 'Bearer ' }, 'X-Team': 'ops' };
    const { deliver, caught } = notifier({ headers });

    await deliver();
    writeFileSync(secretFile, 'rotated');
    server.answer(status(500, {}, 'no'));
    const failed = await caught();
    rmSync(secretFile);
    const missing = await caught();

    expect(server.requests.map((one) => one.headers.authorization)).toEqual([
      `Bearer ${secret}`,
      'Bearer rotated',
    ]);
    expect(server.requests[0]?.headers['x-team']).toBe('ops');
    expect(JSON.stringify([failed, failed.message])).not.toContain('rotated');
    expect(missing).toMatchObject({ code: 'NOTICE_FAILED', hint: expect.stringContaining('user') });
  });

  it('takes its URL from a file, and shows no more of it than where it leads', async () => {
    writeFileSync(secretFile, `${server.url}/T0KEN`);
    server.answer(status(200), status(500));
    const { deliver, caught } = notifier({ url: undefined, urlFile: secretFile });

    await deliver();
    const error = await caught();
    writeFileSync(secretFile, 'ftp://T0KEN@example.org');
    const wrong = await caught();

    expect(server.requests[0]?.path).toBe('/T0KEN');
    for (const one of [error, wrong]) {
      expect(JSON.stringify([one, one.message, one.hint])).not.toContain('T0KEN');
    }
  });

  it.each([
    [400, 'NOTICE_REFUSED', /format/],
    [404, 'NOTICE_REFUSED', /url/],
    [413, 'NOTICE_REFUSED', /size/],
    [401, 'NOTICE_FAILED', /login/],
    [408, 'NOTICE_FAILED', /./],
    [425, 'NOTICE_FAILED', /./],
    [429, 'NOTICE_FAILED', /too often/],
    [500, 'NOTICE_FAILED', /trouble/],
    [503, 'NOTICE_FAILED', /trouble/],
  ])('takes %i for what it is', async (code, wanted, hint) => {
    server.answer(status(code, {}, 'because\x1b[31m'));

    const error = await notifier().caught();

    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ code: wanted, hint: expect.stringMatching(hint) });
    expect(error.message).toContain(`answered ${code}: because\\x1b[31m`);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['7', 7_000],
    ['999999999', 86_400_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['soon', undefined],
  ])('hands on Retry-After: %s', async (value, ms) => {
    server.answer(status(429, { 'Retry-After': value }));

    expect((await notifier().caught()).retryAfterMs).toBe(ms);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect: %i', async (code) => {
    server.answer(status(code, { Location: `${server.url}/elsewhere` }));

    const error = await notifier({ secretFile }).caught();

    expect(server.requests).toHaveLength(1);
    expect(error).toMatchObject({
      code: 'NOTICE_FAILED',
      hint: expect.stringContaining('redirect'),
    });
  });

  it('gives up a server that does not answer in time, and one that is not there', async () => {
    server.answer(hang);
    const { caught, clock } = notifier({ timeout: '3s' });
    const late = caught();
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(3_000);

    expect(await late).toMatchObject({ message: expect.stringContaining('within 3 s') });
    expect(clock.pendingTimers).toBe(0);
    const nobody = notifier();
    await server.stop();
    expect(await nobody.caught()).toMatchObject({
      hint: expect.stringContaining('nothing listens'),
    });
  });

  it('reads no more of an answer than it shows', async () => {
    server.answer(flood);

    expect((await notifier().caught()).message.length).toBeLessThan(400);
  });

  it('ends when it is aborted or stopped', async () => {
    server.answer(hang, hang);
    const { made, deliver } = notifier();
    const abort = new AbortController();
    const [first, second] = [deliver([ban], abort.signal), deliver()];
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));

    abort.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await made.dispose?.();
    await expect(second).rejects.toThrow('stopped');
  });

  it('posts a message to ntfy', async () => {
    const format = { ntfy: { topic: 'alerts' } };
    await notifier({ format }).deliver([{ ...ban, kind: 'still-seen' }]);

    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      topic: 'alerts',
      title: 'remand on web1: still-seen 192.0.2.7 (sshd)',
      message: ban.summary,
      priority: 4,
      tags: ['no_entry'],
      markdown: false,
    });
  });

  it('warns once that a secret goes in the clear', async () => {
    const { caught, logger } = notifier({
      url: 'http://remand-test.invalid/',
      headers: { Authorization: { file: secretFile } },
    });

    await caught();
    await caught();

    expect(logger.fieldsOf('secret-in-the-clear')).toHaveLength(1);
  });

  describe('that reports to AbuseIPDB', () => {
    const publicBan = { ...ban, address: '8.8.8.8' };
    const report = (given: object = {}) =>
      notifier({
        headers: { Key: { file: secretFile } },
        format: { abuseipdb: { categories: [18, 22] } },
        ...given,
      });

    it('reports each ban of a public address, without a word of the log', async () => {
      const { undo: _, ...observed } = { ...publicBan, id: '6' };
      await report().deliver([
        publicBan,
        { ...publicBan, id: '2', address: '2606:4700::1111' },
        ...['10.0.0.1', '192.0.2.7', '8.8.8.0/24', '2606:4700::/64', 'fe80::1', '::1', ''].map(
          (address) => ({ ...ban, id: address, address }),
        ),
        { ...publicBan, id: '3', holder: 'admin' },
        { ...publicBan, id: '4', kind: 'unban' },
        { ...publicBan, id: '5', evidence: [] },
        observed,
      ]);

      const forms = server.requests.map(({ body }) =>
        Object.fromEntries(new URLSearchParams(body)),
      );
      expect(forms.map(({ ip }) => ip)).toEqual(['8.8.8.8', '2606:4700::1111']);
      expect(forms[0]).toEqual({
        ip: '8.8.8.8',
        categories: '18,22',
        comment: 'banned by remand, jail sshd, 3 log lines, for 10m',
        timestamp: '2026-01-05T10:00:00.000Z',
      });
      expect(server.requests[0]?.headers).toMatchObject({
        key: secret,
        'content-type': 'application/x-www-form-urlencoded',
      });
    });

    it('takes a report within 15 minutes for done, and waits as long as it is told', async () => {
      const once = 'You can only report the same IP address (`8.8.8.8`) once in 15 minutes.';
      server.answer(status(429, {}, JSON.stringify({ errors: [{ detail: once, status: 429 }] })));
      server.answer(status(429, { 'Retry-After': '3600' }));
      const { caught } = report();

      const error = await caught(publicBan, { ...publicBan, id: '2', address: '8.8.4.4' });
      const again = await caught(publicBan, { ...publicBan, id: '2', address: '8.8.4.4' });

      expect(error).toMatchObject({ code: 'NOTICE_FAILED', retryAfterMs: 3_600_000 });
      expect(again).toBeUndefined();
      // The first is not reported again when the second comes again.
      expect(server.requests.map(({ body }) => new URLSearchParams(body).get('ip'))).toEqual([
        '8.8.8.8',
        '8.8.4.4',
        '8.8.4.4',
      ]);
    });

    it('says in a test that the key cannot be read', async () => {
      rmSync(secretFile);

      expect(await report().caught({ ...ban, kind: 'test' })).toMatchObject({
        code: 'NOTICE_FAILED',
        message: expect.stringContaining(secretFile),
      });
    });

    it('reports for the jails that it is told', async () => {
      await report({ format: { abuseipdb: { jails: ['nginx'] } } }).deliver([publicBan]);

      expect(server.requests).toEqual([]);
    });
  });

  it('posts JSON whatever an attacker wrote', async () => {
    await notifier().deliver(hostileTexts.map(hostileNotice));

    const body = JSON.parse(server.requests[0]?.body ?? '');
    expect(payload.strict().parse(body)).toEqual(body);
    expect(server.requests[0]?.body).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u);
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryLogger, RecordingCommandRunner, sampleNotices } from '@remand/testkit';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { needs } from '../../../test/support/needs.ts';
import plugin from '../src/index.ts';
import { type Certificate, certificate } from './support/certificate.ts';
import { MailServer, refusal } from './support/mail-server.ts';

const password = 'correct horse battery';

needs('openssl', 'faketime')('mail by SMTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remand-mail-'));
  const passwordFile = join(folder, 'password');
  const ends: (() => unknown)[] = [];
  let good: Certificate;
  let expired: Certificate;

  beforeAll(() => {
    good = certificate(folder, 'good');
    expired = certificate(folder, 'expired', '30 days ago');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function serverWith(options: SMTPServerOptions = {}) {
    const server = await MailServer.start(options);
    ends.push(() => server.stop());
    return server;
  }

  const withLogin: SMTPServerOptions = {
    authOptional: false,
    onAuth: ({ username, password: given }, _session, done) =>
      username === 'me' && given === password
        ? done(null, { user: username })
        : done(refusal(535, `no such login: ${given}`)),
  };

  /** A notifier with these options; what it throws is `caught`. */
  function notifier(smtp: object, more: object = {}) {
    const logger = memoryLogger();
    const options = plugin.options.parse({
      to: 'root@localhost',
      from: 'remand@localhost',
      host: 'web1',
      smtp,
      ...more,
    });
    const commands = new RecordingCommandRunner();
    const made = plugin.create({ options }, commands, new FakeClock(), logger);
    const deliver = (signal = new AbortController().signal) =>
      made.deliver([sampleNotices.ban], signal);
    return { made, logger, deliver, caught: () => deliver().catch((error: unknown) => error) };
  }

  it('hands it over in the clear, with the envelope that is wanted', async () => {
    const server = await serverWith({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const to = ['root@localhost', 'ops@localhost'];

    await notifier({ host: '127.0.0.1', port: server.port }, { to, envelopeFrom: '' }).deliver();

    const [mail] = server.received;
    expect(mail).toMatchObject({ from: '', to, secure: false });
    const parsed = await simpleParser(mail?.message ?? '');
    expect(parsed.from?.value[0]?.address).toBe('remand@localhost');
    expect(parsed.subject).toBe('[remand] banned 192.0.2.7 (sshd)');
    expect(parsed.text).toContain('remand unban');
  });

  it('uses STARTTLS where it is, whoever signed the certificate', async () => {
    const server = await serverWith({ ...expired });

    await notifier({ host: '127.0.0.1', port: server.port }).deliver();

    expect(server.received[0]).toMatchObject({ secure: true });
  });

  it.each([
    { security: 'starttls', options: {} },
    { security: 'tls', options: { secure: true } },
  ])('logs in over a connection that is checked: $security', async ({ security, options }) => {
    const server = await serverWith({ ...good, ...withLogin, ...options });
    const auth = { user: 'me', passwordFile };

    await notifier({ port: server.port, security, caFile: good.file, auth }).deliver();

    expect(server.received[0]).toMatchObject({ secure: true, user: 'me' });
  });

  it('reads the password anew for each connection, from a file or a variable', async () => {
    const server = await serverWith({ ...good, ...withLogin });
    const smtp = { port: server.port, caFile: good.file };
    const rotated = join(folder, 'rotated');
    writeFileSync(rotated, 'wrong', { mode: 0o600 });
    const one = notifier({ ...smtp, auth: { user: 'me', passwordFile: rotated } });
    const other = notifier({ ...smtp, auth: { user: 'me', passwordEnv: 'REMAND_TEST_SMTP' } });

    const refused = await one.caught();
    writeFileSync(rotated, password);
    await one.deliver();
    const unset = await other.caught();
    process.env.REMAND_TEST_SMTP = password;
    await other.deliver();
    delete process.env.REMAND_TEST_SMTP;

    expect(refused).toMatchObject({
      code: 'NOTICE_FAILED',
      hint: expect.stringContaining('login'),
    });
    expect(unset).toMatchObject({ message: expect.stringContaining('REMAND_TEST_SMTP') });
    expect(server.received).toHaveLength(2);
  });

  it('never says the password, even where the server repeats it', async () => {
    const server = await serverWith({ ...good, ...withLogin });
    const auth = { user: 'nobody', passwordFile };

    const error = await notifier({ port: server.port, caFile: good.file, auth }).caught();

    expect(error).toMatchObject({ message: expect.stringContaining('no such login: ***') });
    expect(JSON.stringify([error, String(error)])).not.toContain('correct horse');
  });

  it.each([
    ['everybody may read it', 0o644, 'x', /everybody.*644/, /chmod o=/],
    ['it is empty', 0o600, '\n', /holds no password/, /one line/],
    ['it has two lines', 0o600, 'a\nb\n', /more than one line/, /alone/],
    ['it is very long', 0o600, 'x'.repeat(5_000), /too long/, /./],
  ])('does not take a password file when %s', async (_what, mode, content, message, hint) => {
    const file = join(folder, 'bad');
    writeFileSync(file, content);
    chmodSync(file, mode);

    const error = await notifier({ auth: { user: 'me', passwordFile: file } }).caught();

    expect(error).toMatchObject({
      code: 'NOTICE_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('says which password file it cannot read', async () => {
    const auth = { user: 'me', passwordFile: join(folder, 'missing') };

    expect(await notifier({ auth }).caught()).toMatchObject({
      code: 'NOTICE_FAILED',
      message: expect.stringContaining(`${auth.passwordFile} cannot be read`),
      hint: expect.stringContaining('readable'),
    });
  });

  it.each([
    ['a certificate has expired', 'expired', {}, /expired/],
    ['nobody known signed it', undefined, {}, /caFile/],
    ['it is for another name', 'good', { serverName: 'mail.example.org' }, /serverName/],
  ] as const)('says so when %s', async (_what, trusted, more, hint) => {
    const server = await serverWith(trusted === 'expired' ? { ...expired } : { ...good });
    const caFile = trusted && { good, expired }[trusted].file;
    const smtp = { port: server.port, security: 'starttls', ...(caFile && { caFile }), ...more };

    const error = await notifier(smtp).caught();

    expect(error).toMatchObject({ code: 'NOTICE_FAILED', hint: expect.stringMatching(hint) });
    expect(server.received).toEqual([]);
  });

  it('sends nothing in the clear when STARTTLS is wanted and taken away', async () => {
    const server = await serverWith({ ...withLogin, disabledCommands: ['STARTTLS'] });

    const error = await notifier({
      port: server.port,
      auth: { user: 'me', passwordFile },
    }).caught();

    expect(error).toMatchObject({ hint: expect.stringContaining('smtp.security') });
    expect(server.received).toEqual([]);
  });

  it('names server and port when nobody is there', async () => {
    const server = await serverWith();
    const { port } = server;
    await server.stop();
    ends.pop();

    const nobody = await notifier({ host: '127.0.0.1', port }).caught();
    const noName = await notifier({ host: 'no-such-host.invalid' }).caught();

    expect(nobody).toMatchObject({
      code: 'NOTICE_FAILED',
      message: expect.stringContaining(`127.0.0.1:${port}`),
      hint: expect.stringContaining('nothing listens'),
    });
    expect(noName).toMatchObject({ hint: expect.stringContaining('no-such-host.invalid') });
  });

  it('fails while the server refuses for a time, and is taken when it does not', async () => {
    let refusals = 2;
    const server = await serverWith({
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_to, _session, done) =>
        refusals-- > 0 ? done(refusal(450, 'greylisted, come back')) : done(),
    });
    const { caught, deliver } = notifier({ port: server.port });

    for (const _ of [1, 2]) {
      expect(await caught()).toMatchObject({
        code: 'NOTICE_FAILED',
        message: expect.stringContaining('greylisted'),
      });
    }
    await deliver();

    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['onMailFrom', 550, 'NOTICE_REFUSED'],
    ['onRcptTo', 550, 'NOTICE_REFUSED'],
    ['onRcptTo', 501, 'NOTICE_REFUSED'],
    ['onMailFrom', 530, 'NOTICE_FAILED'],
    ['onRcptTo', 452, 'NOTICE_FAILED'],
  ] as const)('takes what %s answers, %i, for what it is', async (hook, response, code) => {
    const server = await serverWith({
      disabledCommands: ['STARTTLS'],
      [hook]: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
        done(refusal(response, 'not this one\x1b[31m')),
    });

    const error = await notifier({ port: server.port }).caught();

    expect(error).toMatchObject({ code, message: expect.stringContaining('not this one') });
    expect(String(error)).not.toContain('\x1b');
  });

  it('reaches the others when one recipient is refused, and says which', async () => {
    const server = await serverWith({
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('gone') ? done(refusal(550, 'gone')) : done(),
    });
    const to = ['gone@localhost', 'root@localhost'];
    const { deliver, logger } = notifier({ port: server.port }, { to });

    await deliver();

    expect(server.received[0]?.to).toEqual(['root@localhost']);
    expect(logger.fieldsOf('recipient-refused')).toMatchObject([
      { reason: expect.stringContaining('gone') },
    ]);
  });

  it('ends at once when it is aborted or stopped, whatever the server does', async () => {
    const hanging: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => hanging.once('listening', resolve));
    const { port } = hanging.address() as { port: number };
    let open = 0;
    hanging.on('connection', (socket) => {
      open += 1;
      socket.on('error', () => undefined).once('close', () => (open -= 1));
      socket.resume();
    });
    ends.push(() => new Promise((resolve) => hanging.close(resolve)));
    const { made, deliver } = notifier({ host: '127.0.0.1', port });
    const abort = new AbortController();

    const [first, second] = [deliver(abort.signal), deliver()];
    await new Promise((resolve) => hanging.once('connection', resolve));
    abort.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await made.dispose?.();
    await expect(second).rejects.toThrow('stopped');

    while (open > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

import { appendFileSync } from 'node:fs';
import { type ParsedMail, simpleParser } from 'mailparser';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace } from '../support/namespace.ts';
import { needs } from '../support/needs.ts';
import { Daemon } from './support/daemon.ts';
import { MailHost } from './support/mail-host.ts';
import { sshdJails } from './support/sshd-jails.ts';
import { waitFor } from './support/wait-for.ts';

const attacker = '198.51.100.7';
const user = '<a href=http://evil.example>\u202e\x1b[31m Bcc: victim@evil.example';

needs(
  'root',
  'ip',
  'nft',
  'exim4',
)('a ban is told by mail', () => {
  let namespace: Namespace;
  let daemon: Daemon;
  let host: MailHost;

  beforeEach(async () => {
    namespace = new Namespace();
    namespace.exec('ip', 'link', 'set', 'lo', 'up');
    const prefix = ['ip', 'netns', 'exec', namespace.name];
    daemon = new Daemon(prefix);
    host = new MailHost(daemon.folder, prefix);
    await host.start();
  });

  afterEach(async () => {
    await daemon.end();
    await host.stop();
    await daemon.remove();
    await namespace.remove();
  });

  function configure(way: string): void {
    daemon.configure(
      '  sshd: { filter: sshd, sources: [LOG], actions: [nftables], banTime: 1h }',
      [
        'notifiers:',
        `  - email: { to: root@localhost, from: remand@localhost, host: web1, ${way} }`,
      ].join('\n'),
    );
  }

  async function mailAbout(address: string): Promise<ParsedMail> {
    const now = () => new Date().toISOString();
    appendFileSync(
      daemon.log,
      Array.from(
        { length: 3 },
        () => `${now()} web1 sshd[7]: Invalid user ${user} from ${address} port 4000\n`,
      ).join(''),
    );
    await daemon.waitForBan(address);
    await waitFor('the mail', () => host.mails().some((mail) => mail.includes(address)), 20_000);
    const mail = host.mails().find((one) => one.includes(address)) ?? '';
    return simpleParser(mail, { skipTextToHtml: true, skipTextLinks: true });
  }

  it.each([
    ['SMTP', () => `smtp: { host: 127.0.0.1, port: ${host.port} }`],
    ['sendmail', () => `sendmail: { command: [${host.sendmail.join(', ')}] }`],
  ])('by %s, into a mailbox', async (_way, way) => {
    configure(way());
    await daemon.start();

    const mail = await mailAbout(attacker);

    expect(mail.subject).toBe(`[remand] banned ${attacker} (sshd)`);
    expect(mail.headers.get('envelope-to')).toBe('root@localhost');
    expect(mail.headers.get('return-path')).toMatchObject({ text: 'remand@localhost' });
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.messageId).toMatch(/^<[0-9a-f]{32}\.notice@web1>$/);
    expect(mail.attachments).toEqual([]);
    for (const part of [mail.text ?? '', mail.html || '']) {
      expect(part).toContain('evil[.]example');
      for (const text of ['<a ', '\u202e', '\x1b', '//evil.example']) {
        expect(part).not.toContain(text);
      }
    }
    const { until } = (await daemon.bans())[0] ?? {};
    expect(mail.text).toContain(`${until?.slice(0, 19).replace('T', ' ')} UTC`);
    const status = await daemon.status();
    expect(status.notifiers).toMatchObject([{ state: 'ok', delivered: 1, queued: 0 }]);
  });

  it('is late and not lost when the mail server is away, and status says what to do', async () => {
    configure(`smtp: { host: 127.0.0.1, port: ${host.port} }`);
    await host.stop();
    await daemon.start();
    appendFileSync(
      daemon.log,
      `${new Date().toISOString()} web1 sshd[7]: Invalid user x from ${attacker} port 4\n`.repeat(
        3,
      ),
    );
    await daemon.waitForBan(attacker);

    await waitFor('the trouble', async () => {
      const [notifier] = (await daemon.status()).notifiers;
      return notifier?.state === 'degraded' && notifier.hint.includes('nothing listens');
    });
    await host.start();

    await waitFor('the mail', () => host.mails().length > 0, 30_000);
    expect(host.mails()[0]?.toString()).toContain(attacker);
  });

  it('is silent about an address that a rung holds, also after kill -9, and ends with the rung', async () => {
    daemon.configure(
      sshdJails({ sshd: '1s' }, ['nftables']),
      [
        'escalation: [{ name: repeat, after: 3, within: 1h, banTime: 20s }]',
        'notify: { gather: 1s }',
        'notifiers:',
        `  - email: { to: root@localhost, from: remand@localhost, smtp: { host: 127.0.0.1, port: ${host.port} } }`,
      ].join('\n'),
    );
    await daemon.start();
    const subjects = async () =>
      (await Promise.all(host.mails().map((mail) => simpleParser(mail)))).map(
        (mail) => mail.subject,
      );
    const told = async (mails: number, banned: () => Promise<unknown>) => {
      await banned();
      await waitFor(`${mails} mails`, () => host.mails().length === mails, 20_000);
    };
    const bannedBySshd = async () => {
      daemon.attack(attacker);
      await waitFor('sshd to ban', async () => (await daemon.holders(attacker)).includes('sshd'));
      await waitFor('its end', async () => !(await daemon.holders(attacker)).includes('sshd'));
    };
    await told(1, bannedBySshd);
    await told(2, bannedBySshd);
    await told(3, bannedBySshd);
    const [last = ''] = (await Promise.all(host.mails().map((mail) => simpleParser(mail))))
      .map(({ text }) => text ?? '')
      .filter((text) => text.includes('Nothing more is told'));
    expect(last).toContain('repeat banned 198.51.100.7 for 20s');

    await bannedBySshd();
    await daemon.end('SIGKILL');
    await daemon.start();
    await bannedBySshd();
    await waitFor(
      'the end of the rung',
      async () => (await daemon.ban(attacker)) === undefined,
      30_000,
    );
    expect(host.mails()).toHaveLength(3);
    await told(4, bannedBySshd);

    expect(await subjects()).toEqual([
      ...['(sshd)', '(sshd)', 'banned for longer', '(sshd)'].map((what) =>
        expect.stringContaining(what),
      ),
    ]);
    const { events } = await daemon.why(attacker);
    const silent = events.filter(({ kind }) => kind === 'notice-suppressed');
    expect(silent.map(({ reason }) => reason)).toEqual(
      Array(2).fill('repeat holds the address already'),
    );
  });
});

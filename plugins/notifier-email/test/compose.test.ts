import type { Notice } from '@remand/api';
import { hostileNotice, hostileTexts, sampleNotices } from '@remand/testkit';
import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { compose, mostBytes } from '../src/compose.ts';
import { letterOf } from '../src/letter.ts';
import { details } from '../src/story.ts';
import { subject } from '../src/subject.ts';

const given = {
  from: 'remand@example.org',
  to: ['root@example.org', 'ops@example.org'],
  host: 'web1.example.org',
  date: new Date(Date.UTC(2026, 0, 5, 10, 0, 1)),
};

async function mailOf(...notices: readonly Notice[]) {
  const message = await compose(notices, given);
  const parsed = await simpleParser(message, {
    skipTextToHtml: true,
    skipHtmlToText: true,
    skipTextLinks: true,
  });
  return { message, raw: message.toString('latin1'), parsed };
}

const { ban, digest, escalation, test } = sampleNotices;
const fragments = hostileTexts.filter((text) => text.length < 100);

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

function words(text = ''): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Header lines of the whole mail. */
function headers(raw: string): readonly string[] {
  return raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
    .sort();
}

const wantedHeaders = [
  ...['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'list-id', 'message-id'],
  ...['mime-version', 'references', 'subject', 'to'],
];

/** What makes a link in a mail program, and everything that is not text. */
const forbidden: readonly (readonly [string, RegExp])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in a mail
  ['a control character', /[\x00-\x09\x0b-\x1f\x7f-\x9f]/],
  ['an invisible character', /[\p{Cf}\p{Cs}\u2028\u2029]/u],
  ['a scheme', /[a-z]:\/\//i],
  ['a host name', /[a-z0-9_-][.\u3002](?:example|so|cc|zz)/i],
  ['an address', /\w@\w/],
  ['a scheme without slashes', /(?:mailto|tel|javascript):\S/i],
];

function isHarmless({ raw, parsed }: { readonly raw: string; readonly parsed: ParsedMail }): void {
  expect(headers(raw)).toEqual(wantedHeaders);
  expect(raw).toMatch(/^[\x20-\x7e\r\n]*$/);
  expect(raw.split('\r\n').every((line) => line.length <= 998 && !/[\r\n]/.test(line))).toBe(true);
  expect(parsed.attachments).toEqual([]);
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(raw) ?? [];
  const parts = raw.split(`\r\n--${boundary}`);
  expect(parts).toHaveLength(4);
  expect(parts[3]).toBe('--\r\n');
  expect([parsed.to].flat().flatMap((to) => to?.value.map(({ address }) => address))).toEqual(
    given.to,
  );
  expect(parsed.cc ?? parsed.bcc ?? parsed.replyTo).toBeUndefined();
  const html = typeof parsed.html === 'string' ? parsed.html : '';
  const tags = new Set(Array.from(html.matchAll(/<\/?([^\s>]*)/g), ([, tag]) => tag));
  for (const tag of tags) expect(knownTags).toContain(tag);
  expect(html).not.toMatch(/\s(?:href|src|on\w+|background|action)\s*=\s*"/i);
  const shown = html.replace(/<[^>]*>/g, '');
  // What the mail itself says: its host, in the footer.
  const words = [parsed.subject ?? '', parsed.text ?? '', shown].map((part) =>
    part.replaceAll('web1.example.org', ''),
  );
  for (const part of words)
    for (const [what, form] of forbidden) expect(part, what).not.toMatch(form);
}

const knownTags = [
  ...['!doctype', 'html', 'head', 'meta', 'title', 'body', 'div', 'h1', 'h2', 'p', 'table', 'tr'],
  ...['th', 'td'],
];

describe('a mail', () => {
  it('says who, why, until when truly, what was before, and how to undo it', async () => {
    const { parsed } = await mailOf(escalation);

    expect(parsed.subject).toBe('[remand] banned for longer 192.0.2.7 (repeat-offender)');
    const text = (parsed.text ?? '').replace(/\n>? */g, ' ');
    for (const part of [text, parsed.html || '']) {
      expect(part).toMatch(/Rung.*repeat-offender/s);
      expect(part).toContain('2026-01-12 10:00:00 UTC (for 1w)');
      expect(part).toContain('Failed password for admin from 192.0.2.7 port 40120 ssh2');
      expect(part).toContain('2026-01-05 07:00');
      expect(part).toContain('remand unban 192.0.2.7 --all');
      expect(part).toContain('none while this ban lasts');
    }
  });

  it('reads well where lines are 76 columns wide', async () => {
    const { parsed } = await mailOf(...Object.values(sampleNotices));

    const lines = (parsed.text ?? '').split('\n');
    expect(lines.filter((line) => line.length > 76)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('> '))).not.toEqual([]);
  });

  it('is known by its notices, and is in the thread of its address on this host', async () => {
    const [first, again, other, elsewhere] = [
      await mailOf(ban),
      await mailOf(ban),
      await mailOf({ ...ban, id: 'another', kind: 'unban' }),
      await mailOf({ ...ban, id: 'another', address: '192.0.2.8' }),
    ];

    expect(again.parsed.messageId).toBe(first.parsed.messageId);
    expect(other.parsed.messageId).not.toBe(first.parsed.messageId);
    expect(other.parsed.references).toEqual(first.parsed.references);
    expect(other.parsed.inReplyTo).toBe(first.parsed.references);
    expect(elsewhere.parsed.references).not.toEqual(first.parsed.references);
    expect((await mailOf(ban, { ...ban, address: '192.0.2.8' })).parsed.references).toBeUndefined();
  });

  it('says that a machine wrote it', async () => {
    const { parsed } = await mailOf(test);

    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(JSON.stringify(parsed.headers.get('list'))).toContain('remand.web1.example.org');
    expect(parsed.headers.has('x-mailer')).toBe(false);
    expect(parsed.from?.text).toBe('"remand on web1.example.org" <remand@example.org>');
  });

  it.each([
    [[test], '[remand] test'],
    [[digest], '[remand] digest: 14 bans, 1 unban'],
    [[ban, { ...ban, id: '2', address: '192.0.2.8' }], '[remand] 2 bans'],
    [[ban, { ...ban, id: '2', kind: 'unban' as const }], '[remand] 1 ban, 1 unban'],
    [
      [{ ...ban, kind: 'fuse' as const, address: '', holder: 'x' }],
      '[remand] fuse has tripped (x)',
    ],
  ])('is about all that it is given: %#', async (notices, subject) => {
    const { parsed } = await mailOf(...notices);

    expect(parsed.subject).toBe(subject);
    for (const { summary } of notices) expect(parsed.text).toContain(summary.slice(0, 30));
  });

  it('shows hostile text as text, in every part', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const notice = hostileNotice(text);
        const mail = await mailOf(notice);
        isHarmless(mail);
        expect(words(mail.parsed.subject)).toBe(words(subject([notice])));
        expect(words(mail.parsed.text)).toBe(
          words(letterOf([notice], given.host, details[0] ?? 'list').text),
        );
      }),
      { numRuns: 300, examples: hostileTexts.map((text) => [text]) },
    );
  });

  it('has a size, whatever there is to say', { timeout: 20_000 }, async () => {
    for (const text of ['x', '💩', '<', '\u202e', 'x ']) {
      const long = hostileNotice(text.repeat(100_000));
      const one = await mailOf(long);
      const many = await mailOf(
        ...Array.from({ length: 100 }, (_, n) => ({
          ...long,
          id: `${n}`,
          evidence: Array.from({ length: 50 }, () => text.repeat(2_000)),
        })),
      );
      expect(one.message.length).toBeLessThan(mostBytes);
      expect(many.message.length).toBeLessThan(mostBytes);
    }
  });

  it('keeps to it where encoding makes it larger', { timeout: 20_000 }, async () => {
    for (let count = 10; count <= 60; count += 10) {
      const some = Array.from({ length: count }, (_, n) => ({
        ...ban,
        id: `${n}`,
        evidence: Array.from({ length: 20 }, () => 'ü漢 '.repeat(60)),
      }));
      const { message } = await mailOf(...some);
      expect(message.length, `${count} notices`).toBeLessThan(mostBytes);
    }
  });

  it('keeps to the forms of mail where text is long, foreign or begins as a mailbox does', async () => {
    const dots = await mailOf({ ...ban, summary: `${'x'.repeat(76)} From a ${'.'.repeat(800)}` });
    const foreign = await mailOf({ ...ban, holder: '漢'.repeat(39), summary: '漢字'.repeat(200) });

    expect(dots.raw).not.toMatch(/^(?:\.|From )/m);
    expect(words(dots.parsed.text).replaceAll(' ', '')).toContain(`xFroma${'.'.repeat(800)}`);
    const encoded = foreign.raw.match(/=\?utf-8\?B\?[^?]*\?=/g) ?? [];
    expect(encoded.length).toBeGreaterThan(1);
    expect(encoded.filter((word) => word.length > 75)).toEqual([]);
    expect(foreign.parsed.subject).toContain('漢'.repeat(39));
    expect(foreign.raw).toContain('Content-Transfer-Encoding: base64');
    expect(dots.raw).not.toContain('Content-Transfer-Encoding: base64');
  });

  it('tells of a hundred ordinary bans in full', async () => {
    const many = Array.from({ length: 100 }, (_, n) => ({
      ...ban,
      id: `${n}`,
      address: `192.0.2.${n}`,
    }));

    const { parsed } = await mailOf(...many);

    expect(parsed.text?.match(/Failed password for admin/g)).toHaveLength(100);
    expect(parsed.text?.match(/To take it back/g)).toHaveLength(100);
  });

  it('keeps what can be copied: addresses, times, paths and the command', async () => {
    const { parsed } = await mailOf({
      ...ban,
      summary: 'Look at /var/log/auth.log, /etc/remand/remand.yaml and `remand status`.',
    });

    expect(parsed.text).toContain('/var/log/auth.log');
    expect(parsed.text).toContain('remand.yaml');
  });
});

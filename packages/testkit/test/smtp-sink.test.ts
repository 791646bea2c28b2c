import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmtpSink } from '../src/index.ts';

let sink: SmtpSink;
let client: Socket;
beforeEach(async () => {
  sink = await SmtpSink.start();
  client = connect(sink.port, sink.host).setEncoding('utf8');
  await once(client, 'data');
});
afterEach(async () => {
  client.destroy();
  await sink.close();
});

/** Says a line, or several, and waits for the answer. */
async function say(text: string): Promise<string> {
  client.write(text.replaceAll('\n', '\r\n'));
  const [answer] = await once(client, 'data');
  return String(answer).trimEnd();
}

async function upToData(): Promise<void> {
  await say('EHLO me\n');
  await say('MAIL FROM:<a@x.invalid> BODY=8BITMIME\n');
  await say('RCPT TO:<b@x.invalid>\n');
  await say('RCPT TO:<c@x.invalid>\n');
  await say('DATA\n');
}

describe(SmtpSink.name, () => {
  it('keeps a mail with its envelope, without the dots of transport', async () => {
    await upToData();

    expect(await say('Subject: x\n\n..one\ntwo\n.\n')).toMatch(/^250/);

    expect(sink.mails).toEqual([
      { from: 'a@x.invalid', to: ['b@x.invalid', 'c@x.invalid'], data: 'Subject: x\n\n.one\ntwo' },
    ]);
    expect(sink.commands[0]).toBe('EHLO me');
    expect(await say('QUIT\n')).toMatch(/^221/);
  });

  it('takes a mail that comes in pieces', async () => {
    await upToData();
    client.write('Subj');
    client.write('ect: x\r\n\r\nbody\r\n.');

    await say('\n');

    expect(sink.mails).toEqual([expect.objectContaining({ data: 'Subject: x\n\nbody' })]);
  });

  it.each([
    ['MAIL', '550 5.7.1 not you', 'MAIL FROM:<a@x.invalid>\n'],
    ['RCPT', '451 4.3.0 later', 'RCPT TO:<b@x.invalid>\n'],
  ] as const)('refuses %s as it is told, until it is told otherwise', async (verb, reply, line) => {
    sink.answer(verb, reply);
    expect(await say(line)).toBe(reply);

    sink.answer(verb);
    expect(await say(line)).toMatch(/^250/);
  });

  it('keeps no mail that it refused in the end', async () => {
    sink.answer('END', '554 5.6.0 spam');
    await upToData();

    expect(await say('x\n.\n')).toBe('554 5.6.0 spam');
    expect(sink.mails).toEqual([]);
  });

  it('wants a recipient, and knows no other words', async () => {
    expect(await say('DATA\n')).toMatch(/^503/);
    expect(await say('EXPN all\n')).toMatch(/^502/);
    expect(await say('RSET\n')).toMatch(/^250/);
  });

  it('cuts off who is there when it closes', async () => {
    const ended = once(client, 'close');

    await sink.close();

    await ended;
  });
});

import {
  commandFailure,
  FakeClock,
  type NotifierRig,
  notifierContract,
  RecordingCommandRunner,
  type Trouble,
} from '@remand/testkit';
import { simpleParser } from 'mailparser';
import { describe, it } from 'vitest';
import plugin from '../src/index.ts';
import { MailServer, refusal } from './support/mail-server.ts';

const common = { to: 'root@localhost', from: 'remand@localhost', host: 'web1' };

async function bySmtp(): Promise<NotifierRig> {
  let trouble: Trouble | undefined;
  const server = await MailServer.start({
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      if (trouble === undefined) done();
      else if (trouble === 'refuses for a time') done(refusal(451, 'come back'));
      else if (trouble === 'refuses for good') done(refusal(550, 'no'));
    },
  });
  return {
    options: { ...common, smtp: { host: '127.0.0.1', port: server.port } },
    clock: new FakeClock(),
    arrived: () => Promise.all(server.received.map(({ message }) => shown(message))),
    trouble: (what) => {
      trouble = what;
    },
    tearDown: () => server.stop(),
  };
}

async function bySendmail(): Promise<NotifierRig> {
  let trouble: Trouble | undefined;
  const taken: string[] = [];
  const commands = new RecordingCommandRunner(async (_argv, { input = '', signal }) => {
    if (trouble === 'refuses for a time') return commandFailure();
    if (trouble === 'refuses for good') return Object.assign(commandFailure(), { exitCode: 67 });
    if (trouble === 'hangs') {
      return new Promise((resolve) =>
        signal?.addEventListener('abort', () => resolve(commandFailure('was killed'))),
      );
    }
    taken.push(input);
    return '';
  });
  return {
    options: { ...common, sendmail: {} },
    clock: new FakeClock(),
    commands,
    arrived: () => Promise.all(taken.map(shown)),
    trouble: (what) => {
      trouble = what;
    },
    tearDown: async () => undefined,
  };
}

/** Both parts, as they are read. */
async function shown(message: Buffer | string): Promise<string> {
  const { subject, text, html } = await simpleParser(message, { skipTextToHtml: true });
  return [subject, text, html].join('\n');
}

describe('email by SMTP keeps the contract of notifiers', () => {
  for (const { title, run } of notifierContract({ plugin, setUp: bySmtp })) it(title, run);
});

describe('email by sendmail keeps it', () => {
  for (const { title, run } of notifierContract({ plugin, setUp: bySendmail })) it(title, run);
});

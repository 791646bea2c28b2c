import { FakeClock, memoryLogger, RecordingCommandRunner, sampleNotices } from '@remand/testkit';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';

const signal = new AbortController().signal;

async function sent(given: object = {}) {
  const commands = new RecordingCommandRunner();
  const options = plugin.options.parse({
    to: ['root@localhost', 'ops@localhost'],
    from: 'remand@localhost',
    sendmail: {},
    ...given,
  });
  const notifier = plugin.create({ options }, commands, new FakeClock(), memoryLogger());
  await notifier.deliver([sampleNotices.ban], signal);
  return commands.runs;
}

describe('mail by sendmail', () => {
  it('runs the program once, with the envelope as arguments and the mail as input', async () => {
    const [run, ...others] = await sent();

    expect(others).toEqual([]);
    expect(run?.argv).toEqual([
      ...['/usr/sbin/sendmail', '-i', '-f', 'remand@localhost', '--'],
      ...['root@localhost', 'ops@localhost'],
    ]);
    expect(run?.input).not.toContain('\r');
    const parsed = await simpleParser(run?.input ?? '');
    expect(parsed.subject).toBe('[remand] banned 192.0.2.7 (sshd)');
  });

  it('has arguments of yours first, and no sender where none is wanted', async () => {
    const [run] = await sent({ envelopeFrom: '', sendmail: { command: ['/opt/mail', '-C', 'x'] } });

    expect(run?.argv.slice(0, 7)).toEqual(['/opt/mail', '-C', 'x', '-i', '-f', '<>', '--']);
  });
});

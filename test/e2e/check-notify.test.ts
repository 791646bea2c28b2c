import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { mailboxPlugin, mailboxUse } from './support/mailbox.ts';

const jail = '  sshd: { filter: sshd, sources: [LOG], actions: [observe] }';

describe('remand check --notify', () => {
  let daemon: Daemon;
  let box: string;

  beforeEach(() => {
    daemon = new Daemon();
    box = join(daemon.folder, 'box');
  });

  afterEach(() => daemon.remove());

  function configure(...notifiers: readonly string[]): void {
    daemon.configure(jail, `plugins: [${mailboxPlugin}]\nnotifiers: [${notifiers.join(', ')}]`);
  }

  it('sends one message, needs no daemon, and leaves no state behind', async () => {
    configure(mailboxUse(box, 'works'), 'log');

    const answer = await daemon.cli('check', '--notify');

    expect(answer).toMatchObject({ code: 0 });
    expect(answer.stdout).toMatch(
      /^ok mailbox: a test message was delivered in \d+\.\d s\nok log: .*\n$/,
    );
    expect(answer.stderr).toMatch(/ notice .*kind=test/);
    expect(JSON.parse(readFileSync(box, 'utf8'))).toMatchObject({ notices: [{ kind: 'test' }] });
    expect(readdirSync(join(daemon.folder, 'state'))).toEqual([]);
  });

  it('says of each what went wrong and what to do, and ends although one hangs', async () => {
    const moods = ['fails', 'refuses', 'throws', 'hangs', 'works'] as const;
    configure(...moods.map((mood) => mailboxUse(box, mood)));

    const [plain, json] = await Promise.all([
      daemon.cli('check', '--notify'),
      daemon.cli('check', '--notify', '--json'),
    ]);

    expect(plain.code).toBe(1);
    expect(plain.stdout.split('\n')).toEqual([
      expect.stringMatching(/^failed mailbox: the mailbox is shut \(after 0\.\d s\)$/),
      '  → put the mailbox right',
      expect.stringMatching(/^failed mailbox-2: no such mailbox \(after /),
      '  → put the mailbox right',
      expect.stringMatching(/^failed mailbox-3: notifier mailbox-3 cannot be created: made to /),
      '  → create only makes the instance: what can fail belongs into start',
      expect.stringMatching(
        /^failed mailbox-4: .* did not end within 30000 ms \(after 30\.\d s\)$/,
      ),
      expect.stringMatching(/^ {2}→ nothing answered within 30s: /),
      expect.stringMatching(/^ok mailbox-5: a test message was delivered in 0\.\d s$/),
      '',
    ]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout).notifiers).toMatchObject([
      { name: 'mailbox', failure: { reason: 'the mailbox is shut' } },
      ...[{ name: 'mailbox-2' }, { name: 'mailbox-3' }, { name: 'mailbox-4' }],
      { name: 'mailbox-5', ms: expect.any(Number) },
    ]);
  });

  it('says how to add a notifier where there is none', async () => {
    daemon.configure(jail);

    const answer = await daemon.cli('check', '--notify');

    expect(answer).toMatchObject({ code: 1, stderr: '' });
    expect(answer.stdout).toContain('no notifier is configured in');
    expect(answer.stdout).toContain('notifiers: [log]');
  });

  it('refuses an rc file with mistakes, and sends nothing', async () => {
    configure(mailboxUse(box, 'works'), 'malbox');

    const answer = await daemon.cli('check', '--notify');

    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/remand\.yaml:\d+:\d+.*malbox/);
    expect(existsSync(box)).toBe(false);
  });
});

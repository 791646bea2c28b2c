/**
 * Makes docs/guides/mail.png: the HTML part of a sample mail as a phone shows it, taken from the mail
 * itself. Needs chromium; not part of CI. After `npm run build`: `node scripts/picture-of-a-mail.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, memoryLogger, RecordingCommandRunner, sampleNotices } from '@remand/testkit';
import { simpleParser } from 'mailparser';
import email from '../plugins/notifier-email/src/index.ts';

const picture = join(import.meta.dirname, '../docs/guides/mail.png');
const size = { width: 500, height: 870 };

const commands = new RecordingCommandRunner();
const options = email.options.parse({
  to: 'root@localhost',
  from: 'remand@localhost',
  host: 'web1',
  sendmail: {},
});
const notifier = email.create({ options }, commands, new FakeClock(), memoryLogger());
await notifier.deliver([sampleNotices.escalation], new AbortController().signal);
const { html, text } = await simpleParser(commands.runs[0]?.input ?? '');

const folder = mkdtempSync(join(tmpdir(), 'remand-picture-'));
try {
  const page = join(folder, 'mail.html');
  writeFileSync(page, html || '');
  execFileSync(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${picture}`],
      ...[`--window-size=${size.width},${size.height}`, `file://${page}`],
    ],
    { stdio: 'pipe', timeout: 120_000 },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(text);

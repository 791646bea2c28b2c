import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandStream, SourceBatch, SourceHealth } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commandsVia } from '../../../test/support/commands-via.ts';
import { realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { TestJournal } from '../../../test/support/test-journal.ts';
import { JournalSource } from '../src/journal-source.ts';

let journal: TestJournal;
let source: JournalSource | undefined;
let lines: string[];
let lives: boolean[];
let bookmark: string | undefined;
let oversized: number;
let health: SourceHealth | undefined;
const children = new Set<CommandStream>();
const logger = memoryLogger();

async function begin(): Promise<void> {
  source = new JournalSource({
    uses: [
      {
        id: 'journal#0',
        jails: ['sshd'],
        lookBackMs: 600_000,
        options: { directory: journal.folder, identifiers: ['sshd'] },
      },
    ],
    clock: realClock,
    logger,
    commands: commandsVia(['env'], children),
  });
  const feed = {
    maxLineBytes: 16_384,
    bookmark: () => bookmark,
    health: (_key: string, report: SourceHealth) => {
      health = report;
    },
    push: async (batch: SourceBatch) => {
      const text = Buffer.from(batch.bytes).toString('utf8');
      lines.push(...text.split('\n').slice(0, -1));
      lives.push(batch.live);
      oversized += batch.oversized ?? 0;
      bookmark = batch.bookmark;
    },
  };
  await source.start(feed, new AbortController().signal);
}

const said = (message: string | Buffer) => ({ SYSLOG_IDENTIFIER: 'sshd', MESSAGE: message });
const messages = () => lines.map((line) => line.replace(/^\S+ host sshd: /, ''));
const soon = { timeout: 20_000, interval: 20 };

needs('journalctl', 'systemd-journal-remote')('the journal of systemd', () => {
  beforeEach(() => {
    journal = new TestJournal();
    [lines, lives, bookmark, oversized, health] = [[], [], undefined, 0, undefined];
  });

  afterEach(async () => {
    await source?.stop();
    expect(children.size).toBe(0);
    journal.cleanUp();
  });

  it('is read from the past on, then as it is written', async () => {
    const old = String((Date.now() - 3_600_000) * 1_000);
    journal.append({ ...said('too old'), __REALTIME_TIMESTAMP: old }, said('one'), {
      SYSLOG_IDENTIFIER: 'cron',
      MESSAGE: 'not wanted',
    });
    await begin();
    await expect.poll(messages, soon).toEqual(['one']);

    journal.append(said('two'));

    await expect.poll(messages, soon).toEqual(['one', 'two']);
    expect(lives).toEqual([false, true]);
    expect(health).toMatchObject({ state: 'ok' });
  });

  it('goes on where it stopped, over a boot', async () => {
    journal.append(said('one'));
    await begin();
    await expect.poll(messages, soon).toEqual(['one']);
    await source?.stop();

    journal.append(said('two'), { ...said('three'), _BOOT_ID: '3'.repeat(32) });
    await begin();

    await expect.poll(messages, soon).toEqual(['one', 'two', 'three']);
  });

  it('survives rotation while it reads and while it does not', async () => {
    journal.append(said('one'));
    await begin();
    await expect.poll(messages, soon).toEqual(['one']);

    journal.rotate();
    journal.append(said('two'));
    await expect.poll(messages, soon).toEqual(['one', 'two']);
    await source?.stop();
    journal.append(said('three'));
    journal.rotate();
    journal.append(said('four'));
    await begin();

    await expect.poll(messages, soon).toEqual(['one', 'two', 'three', 'four']);
  });

  it('loses only what was vacuumed, and counts nothing twice', async () => {
    journal.append(said('one'), said('two'));
    await begin();
    await expect.poll(messages, soon).toEqual(['one', 'two']);
    await source?.stop();

    journal.append(said('three'));
    journal.rotate();
    journal.append(said('four'));
    journal.vacuum();
    await begin();

    await expect.poll(messages, soon).toEqual(['one', 'two', 'four']);
    journal.append(said('five'));
    await expect.poll(messages, soon).toEqual(['one', 'two', 'four', 'five']);
    expect(logger.fieldsOf('journal-place-gone').length).toBeGreaterThan(0);
  });

  it('takes bytes, several lines and messages of any length for one line each', async () => {
    const long = 'x'.repeat(10_000);
    journal.append(
      said(Buffer.from([0x61, 0xff, 0x62])),
      said('first\nsecond sshd[1]: third\n'),
      said(long),
      said('y'.repeat(20_000)),
      said('z'.repeat(2_000_000)),
      said('last'),
    );

    await begin();

    await expect.poll(() => messages().at(-1), soon).toBe('last');
    expect(messages()).toEqual(['a\ufffdb', 'first#012second sshd[1]: third', long, 'last']);
    expect(oversized).toBe(2);
  });

  it('says that a folder is missing, and reads it when it is there', async () => {
    const { folder } = journal;
    journal.cleanUp();
    await begin();
    await expect.poll(() => health?.state, soon).toBe('degraded');
    expect(health).toMatchObject({ reason: expect.stringContaining(folder) });
  });

  it('says that a journal is damaged, and reads what is not', async () => {
    writeFileSync(join(journal.folder, 'damaged.journal'), Buffer.alloc(100_000, 7));
    await begin();
    await expect.poll(() => health?.state, soon).toBe('degraded');

    journal.append(said('one'));

    await expect.poll(messages, soon).toEqual(['one']);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemPath } from './programs.ts';

/** The fields of an entry; a `Buffer` is written as it is, whatever it contains. */
export type JournalFields = Readonly<Record<string, string | Buffer>>;

/** Real journal files in a temporary folder, written by systemd-journal-remote. */
export class TestJournal {
  readonly folder = mkdtempSync(join(tmpdir(), 'remand-journal-'));
  readonly #machine: string;
  #monotonic = 1_000_000;
  #archived = 0;

  /** @param machine the id of the machine whose journal it is said to be */
  constructor(machine: string = '2'.repeat(32)) {
    this.#machine = machine;
  }

  /** Appends entries of now, or of `__REALTIME_TIMESTAMP`. Returns when they are in the file. */
  append(...entries: readonly JournalFields[]): void {
    const text = Buffer.concat(entries.map((fields) => this.#exported(fields)));
    this.write(text);
  }

  /** Appends what is in the journal export format already. */
  write(text: Buffer | string): void {
    const env = { ...process.env, PATH: [process.env.PATH, ...systemPath].join(delimiter) };
    const argv = [`--output=${this.#active}`, '-'];
    execFileSync('systemd-journal-remote', argv, { input: text, env, stdio: 'pipe' });
  }

  /** Archives the file that is written to, as journald does; the next entry makes a new one. */
  rotate(): void {
    this.#archived++;
    const id = String(this.#archived).padStart(32, '0');
    const number = String(this.#archived).padStart(16, '0');
    renameSync(this.#active, join(this.folder, `test@${id}-${number}-${number}.journal`));
  }

  /** Removes all archived files. */
  vacuum(): void {
    const argv = [`--directory=${this.folder}`, '--vacuum-size=1K'];
    if (existsSync(this.folder)) execFileSync('journalctl', argv, { stdio: 'pipe' });
  }

  cleanUp(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #active(): string {
    return join(this.folder, 'test.journal');
  }

  #exported(fields: JournalFields): Buffer {
    this.#monotonic += 1_000;
    const all: JournalFields = {
      __REALTIME_TIMESTAMP: String(Date.now() * 1_000),
      __MONOTONIC_TIMESTAMP: String(this.#monotonic),
      _BOOT_ID: '1'.repeat(32),
      _MACHINE_ID: this.#machine,
      _HOSTNAME: 'host',
      ...fields,
    };
    const parts = Object.entries(all).map(([name, value]) => exportedField(name, value));
    return Buffer.concat([...parts, Buffer.from('\n')]);
  }
}

/** systemd's journal export format: text as `NAME=value`, everything else behind its length. */
function exportedField(name: string, value: string | Buffer): Buffer {
  if (typeof value === 'string' && !value.includes('\n')) return Buffer.from(`${name}=${value}\n`);
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
}

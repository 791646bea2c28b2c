import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const creator = join(root, 'packages/create-remand-plugin/bin/create-remand-plugin.js');
const bins = join(root, 'node_modules/.bin');

/** A block of a guide: a file to write, or commands to run. */
interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, 'docs/guides', page), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file = '', code = '']) => ({ language, file, text: code }),
  );
}

/** Somebody who follows a guide to the letter, in a folder without anything. */
class Reader {
  readonly home = mkdtempSync(join(tmpdir(), 'remand-guide-'));
  #folder = this.home;

  async follow({ language, file, text }: Block): Promise<void> {
    if (language === 'text') return;
    if (language === 'sh') for (const line of text.trim().split('\n')) await this.#run(line);
    else this.#write(file, text);
  }

  /** An rc file and a log lie beside the package, all else in it. */
  #write(file: string, text: string): void {
    const isOutside = /^[^/]+\.(?:yaml|log)$/.test(file);
    const path = join(isOutside ? this.home : this.#folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o644 });
  }

  async #run(line: string): Promise<void> {
    const [program = '', ...args] = line
      .replace(/^npm create remand-plugin --/, `node ${creator}`)
      .split(' ');
    if (program === 'cd') this.#folder = join(this.#folder, args[0] ?? '');
    else if (program === 'rm') rmSync(join(this.#folder, args[0] ?? ''));
    else {
      const { code, output } = await this.#start(program, args);
      expect(code, `${line}\n${output}`).toBe(0);
    }
  }

  #start(program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
    const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
    const PATH = [dirname(process.execPath), bins, env.PATH].join(delimiter);
    const options = { cwd: this.#folder, env: { ...env, PATH }, timeout: 50_000 };
    return new Promise((resolve) => {
      execFile(program, args, options, (error, stdout, stderr) => {
        resolve({ code: error ? 1 : 0, output: stdout + stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true });
  }
}

describe('the guide', () => {
  let reader: Reader;
  beforeEach(() => {
    reader = new Reader();
  });
  afterEach(() => reader.remove());

  it.each(['write-a-filter.md', 'write-an-action.md', 'write-a-notifier.md', 'write-a-source.md'])(
    '%s can be followed to the letter',
    async (page) => {
      const blocks = blocksOf(page);
      expect(blocks.filter(({ language }) => language === 'sh').length).toBeGreaterThanOrEqual(3);

      for (const block of blocks) await reader.follow(block);
    },
  );
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';

const root = join(import.meta.dirname, '../..');

/** The rc files that a page shows. */
function rcFilesOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```yaml\n(version: 1\n.*?)```/gs)].map(([, rc = '']) => rc);
}

describe('the pages about sources', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
  });

  afterEach(() => daemon.remove());

  it.each(
    [
      'docs/guides/sources.md',
      'plugins/source-file/README.md',
      'plugins/source-journal/README.md',
      'plugins/source-command/README.md',
      'plugins/source-syslog/README.md',
    ].flatMap((page) => rcFilesOf(page).map((rc, index) => [page, index + 1, rc] as const)),
  )('show what remand takes: %s, number %i', async (_page, _number, rc) => {
    writeFileSync(daemon.rc, rc, { mode: 0o600 });

    const { code, stdout, stderr } = await daemon.cli('check');

    expect(`${stdout}${stderr}`).not.toMatch(/^remand: /m);
    expect(code).toBe(0);
  });

  it('show the five lines of a jail that names no sources', () => {
    const [first] = rcFilesOf('docs/guides/sources.md');

    expect(first?.trim().split('\n')).toHaveLength(5);
  });
});

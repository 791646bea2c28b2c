import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type BuiltRc, buildRc } from '../src/build-rc.ts';
import { renderProblem } from '../src/index.ts';
import { RcDocument } from '../src/rc-document.ts';

/** An rc from texts, as root, without a file. */
export function built(
  main: string,
  dropIns: Readonly<Record<string, string>> = {},
  observe = false,
): BuiltRc {
  return buildRc(
    {
      main: new RcDocument(main, 'remand.yaml'),
      dropIns: Object.entries(dropIns).map(([file, text]) => new RcDocument(text, file)),
    },
    { file: '/etc/remand/remand.yaml', observe, isRoot: true, env: {}, home: '/root' },
  );
}

export function rendered(rc: BuiltRc): readonly string[] {
  return rc.problems.map((problem) => renderProblem(problem, rc.locate));
}

/** The smallest jail that is right, with more lines in it. */
export function withJail(...lines: readonly string[]): string {
  return [
    'version: 1',
    'jails:',
    '  sshd:',
    '    filter: sshd',
    '    sources: [/var/log/auth.log]',
    '    observe: true',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}

/** A folder that nobody else may write, with these files in it; it is gone after the test. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'remand-config-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, text);
    chmodSync(file, 0o644);
  }
  return folder;
}

export const validRc: string = withJail();

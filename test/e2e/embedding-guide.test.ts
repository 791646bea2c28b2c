import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';

const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guides/embedding.md'), 'utf8');
const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(guide) ?? [];
const attacker = '198.51.100.7';

/** A project of somebody else, with our packages installed and the guide's code in `embed.ts`. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'remand-embedding-'));
  readonly log = join(this.folder, 'auth.log');
  #code = example;

  constructor() {
    mkdirSync(join(this.folder, 'node_modules'));
    for (const scope of ['@remand', '@types']) {
      symlinkSync(join(root, 'node_modules', scope), join(this.folder, 'node_modules', scope));
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    this.change("'/var/log/auth.log'", JSON.stringify(this.log));
  }

  change(from: string, to: string): void {
    if (!this.#code.includes(from)) throw new Error(`the guide's code has no ${from}`);
    this.#code = this.#code.replace(from, () => to);
  }

  run(): Promise<Answer> {
    writeFileSync(join(this.folder, 'embed.ts'), this.#code);
    return this.#node(['embed.ts']);
  }

  compile(): Promise<Answer> {
    writeFileSync(join(this.folder, 'embed.ts'), this.#code);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    return this.#node([tsc, '--noEmit', ...strict, 'embed.ts']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #node(args: readonly string[]): Promise<Answer> {
    const options = { cwd: this.folder, env: { ...process.env, NO_COLOR: '1' }, timeout: 30_000 };
    return new Promise((resolve) => {
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ code, stdout, stderr });
      });
    });
  }
}

describe('the code in the guide to embedding', () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.remove());

  it('compiles under strict', async () => {
    expect(await project.compile()).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('runs, tells of a ban, and ends by itself', async () => {
    writeFileSync(project.log, failedPassword(attacker).repeat(3));
    project.change('await kernel.start();', `${untilBan}await kernel.start();\nawait banned;`);

    const { code, stdout, stderr } = await project.run();

    expect(stderr).toBe('');
    expect(stdout).toContain(`address: '${attacker}'`);
    expect(stdout).toContain('bans: { live: 1, notEnforced: 0 }');
    expect(stdout).toContain("path: ':memory:'");
    expect(code).toBe(0);
  });

  it('does not ban what it says is never banned', async () => {
    writeFileSync(
      project.log,
      failedPassword('203.0.113.9').repeat(3) + failedPassword(attacker).repeat(3),
    );
    project.change('await kernel.start();', `${untilBan}await kernel.start();\nawait banned;`);

    const { stdout } = await project.run();

    expect(stdout).toContain(attacker);
    expect(stdout).not.toContain('203.0.113.9');
  });

  it('shows a log that is missing as degraded, and goes on', async () => {
    project.change(
      'console.log(await kernel.control.status({}));',
      `let jail;
do {
  await new Promise((resolve) => setTimeout(resolve, 20));
  [jail] = (await kernel.control.status({})).jails;
} while (jail.sources.length === 0);
console.log(JSON.stringify(jail));`,
    );

    const { code, stdout } = await project.run();

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining(project.log),
    });
  });

  it('is refused with every mistake at once', async () => {
    project.change("use('sshd')", "use('telnetd')");
    project.change("use('observe')", "use('ignore')");

    const { code, stderr } = await project.run();

    expect(code).toBe(1);
    expect(stderr).toContain('ConfigError');
    expect(stderr).toContain('telnetd');
    expect(stderr).toContain('ignore');
  });

  it('does not start without its state', async () => {
    writeFileSync(join(project.folder, 'a-file'), '');
    project.change('stateFolder: null', "stateFolder: 'a-file/state'");

    const { code, stderr } = await project.run();

    expect(code).toBe(1);
    expect(stderr).toContain('CommandError');
    expect(stderr).toContain('a-file/state');
  });
});

const untilBan = `const banned = new Promise<void>((resolve) => {
  kernel.onEntries((entries) => {
    if (entries.some(({ kind }) => kind === 'ban')) resolve();
  });
});
`;

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const command = join(import.meta.dirname, '../bin/remand.js');
let folder = '';
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remand-'));
  children = [];
  writeFileSync(join(folder, 'auth.log'), '');
  writeFileSync(
    join(folder, 'remand.yaml'),
    `version: 1
defaults: { banTime: 1h, actions: [observe] }
jails:
  sshd: { filter: sshd, sources: [${folder}/auth.log] }
state: { path: ./state }
control: { socket: ./control.sock }
`,
  );
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('remand', () => {
  it('bans whom the log shows, remembers over kill -9, and ends when it is told to', async () => {
    const first = await daemon();
    attack('198.51.100.23');
    await expect.poll(addresses, { timeout: 10_000 }).toEqual(['198.51.100.23']);
    first.kill('SIGKILL');
    await once(first, 'exit');

    const second = await daemon();

    expect(await addresses()).toEqual(['198.51.100.23']);
    expect((await remand('why', '198.51.100.23')).stdout).toContain('Failed password for root');
    expect((await remand('unban', '198.51.100.23', '--all')).code).toBe(0);
    expect(await addresses()).toEqual([]);
    const ended = once(second, 'exit');
    expect((await remand('stop')).code).toBe(0);
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(folder, 'control.sock'))).toBe(false);
    expect((await remand('status')).code).toBe(1);
  });

  it('refuses a second daemon and leaves the first alone', async () => {
    await daemon();

    const second = await remand('run');

    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/another daemon answers/);
    expect((await remand('status', '--json')).code).toBe(0);
  });

  it('flushes without a daemon, and refuses while one runs on the same state', async () => {
    expect(await remand('flush')).toMatchObject({ code: 0 });
    await daemon('--socket', join(folder, 'other.sock'));

    const refused = await remand('flush');

    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^remand: /);
  });

  it('shows every mistake at once and exits 2', async () => {
    appendFileSync(join(folder, 'remand.yaml'), 'nonsense: 1\nlog: { level: loud }\n');

    for (const verb of ['run', 'check']) {
      const { code, stdout, stderr } = await remand(verb);
      expect(code).toBe(2);
      expect(stdout + stderr).toMatch(
        /remand\.yaml:7:1 .*nonsense.*remand\.yaml:8:\d+ .*log\.level/s,
      );
    }
  });

  it('ends in silence when nobody reads on', async () => {
    await daemon();
    const child = spawn('sh', [
      '-c',
      '"$0" "$1" plugins -c "$2" | true',
      process.execPath,
      command,
      rc(),
    ]);
    children.push(child);

    expect(await text(child.stderr)).toBe('');
  });
});

function rc(): string {
  return join(folder, 'remand.yaml');
}

/** A daemon that answers already. */
async function daemon(...options: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [command, 'run', '-c', rc(), ...options]);
  children.push(child);
  const socket = options[1] ?? join(folder, 'control.sock');
  await expect
    .poll(async () => (await remand('status', '--socket', socket)).code, { timeout: 10_000 })
    .toBe(0);
  return child;
}

async function remand(verb: string, ...rest: readonly string[]) {
  const child = spawn(process.execPath, [command, verb, '-c', rc(), ...rest]);
  children.push(child);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, stdout, stderr };
}

async function addresses(): Promise<string[]> {
  const { stdout } = await remand('bans', '--json');
  return JSON.parse(stdout).map(({ address }: { address: string }) => address);
}

function attack(address: string): void {
  for (let port = 40001; port < 40004; port++) {
    const line = `sshd[7]: Failed password for root from ${address} port ${port} ssh2`;
    appendFileSync(join(folder, 'auth.log'), `${new Date().toISOString()} host ${line}\n`);
  }
}

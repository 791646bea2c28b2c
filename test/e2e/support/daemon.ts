import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BanReport, StatusReport, WhyReport } from '@remand/api';
import { failedPassword } from './sshd-lines.ts';
import { waitFor } from './wait-for.ts';

const root = join(import.meta.dirname, '../../..');
const remand = join(root, 'packages/cli/bin/remand.js');

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built `remand` with a folder of its own for its rc file, state, socket and logs. */
export class Daemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'remand-e2e-'));
  readonly rc = join(this.folder, 'remand.yaml');
  readonly log = join(this.folder, 'auth.log');
  output = '';
  readonly #prefix: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  /** @param prefix what stands before the command, such as `ip netns exec NAME` */
  constructor(prefix: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.#prefix = prefix;
    this.#env = { ...process.env, NO_COLOR: '1', ...env };
    writeFileSync(this.log, '');
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && !this.#child.signalCode;
  }

  /** Writes the rc file; paths of state, socket and log are filled in. */
  configure(jails: string, more = ''): void {
    mkdirSync(join(this.folder, 'state'), { recursive: true });
    writeFileSync(
      this.rc,
      [
        'version: 1',
        `state: { path: ${join(this.folder, 'state')} }`,
        `control: { socket: ${join(this.folder, 'control.sock')} }`,
        more,
        'jails:',
        jails.replaceAll('LOG', this.log),
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
  }

  async start(...args: readonly string[]): Promise<void> {
    const [program = '', ...rest] = [
      ...this.#prefix,
      process.execPath,
      remand,
      'run',
      '-c',
      this.rc,
      ...args,
    ];
    const child = spawn(program, rest, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    await waitFor('the daemon to answer', async () => {
      if (!this.running) throw new Error(`the daemon ended:\n${this.output}`);
      return (await this.cli('status', '--json')).code === 0;
    });
  }

  /** Ends the daemon and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.running) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a verb of `remand` where the daemon is: `flush` without one goes to the firewall itself. */
  cli(verb: string, ...args: readonly string[]): Promise<Answer> {
    return this.#run([verb, ...args, '-c', this.rc], '');
  }

  /** Runs `remand` with exactly these arguments and this on stdin. */
  pipe(input: string | Uint8Array, ...args: readonly string[]): Promise<Answer> {
    return this.#run(args, input);
  }

  #run(args: readonly string[], input: string | Uint8Array): Promise<Answer> {
    const [program = '', ...rest] = [...this.#prefix, process.execPath, remand, ...args];
    return new Promise((resolve) => {
      const child = execFile(
        program,
        rest,
        { env: this.#env, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
          resolve({ code, stdout, stderr });
        },
      );
      // A verb that reads no stdin may be gone before it is written.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  async status(): Promise<StatusReport> {
    return JSON.parse((await this.cli('status', '--json')).stdout);
  }

  async bans(): Promise<readonly BanReport[]> {
    return JSON.parse((await this.cli('bans', '--json')).stdout);
  }

  async why(address: string): Promise<WhyReport> {
    return JSON.parse((await this.cli('why', address, '--json')).stdout);
  }

  /** The report on an address, while somebody holds it. */
  async ban(address: string): Promise<BanReport | undefined> {
    return (await this.bans()).find((ban) => ban.address === address);
  }

  /** Who holds an address, by name. */
  async holders(address: string): Promise<readonly string[]> {
    return ((await this.ban(address))?.holds ?? []).map(({ holder }) => holder).sort();
  }

  /** Writes a failed login into the log. */
  attack(host: string): void {
    appendFileSync(this.log, failedPassword(host));
  }

  /** Writes a failed login and waits for the ban of its address. */
  async attackUntilBanned(host: string): Promise<void> {
    this.attack(host);
    await this.waitForBan(host);
  }

  /** Waits until an address is held and enforced everywhere, or is not held. */
  async waitForBan(address: string, banned = true): Promise<void> {
    await waitFor(`${address} ${banned ? 'to be banned' : 'to be free'}`, async () => {
      const report = await this.ban(address);
      return banned ? report?.enforced === true : report === undefined;
    });
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

export interface Fail2banGiven {
  readonly jails: readonly string[];
  /** Default one hour. */
  readonly bantime?: string;
  /** One of Debian's actions, as a jail names it. Default: none, so that it touches no firewall. */
  readonly action?: string;
}

/** A real fail2ban whose configuration, socket, database and log are in a folder of its own. */
export class Fail2ban {
  readonly log: string;
  readonly #folder: string;
  readonly #prefix: readonly string[];
  #child: ChildProcess | undefined;

  constructor(folder: string, prefix: readonly string[], given: Fail2banGiven) {
    const { jails, bantime = '1h', action = '' } = given;
    this.#folder = join(folder, 'fail2ban');
    this.#prefix = prefix;
    this.log = join(this.#folder, 'fail2ban.log');
    mkdirSync(join(this.#folder, 'filter.d'), { recursive: true });
    this.#write('input.log', []);
    this.#write('fail2ban.conf', [
      '[Definition]',
      'loglevel = INFO',
      'allowipv6 = auto',
      `logtarget = ${this.log}`,
      'syslogsocket = auto',
      `socket = ${this.#path('socket')}`,
      `pidfile = ${this.#path('pid')}`,
      `dbfile = ${this.#path('bans.sqlite3')}`,
      'dbpurgeage = 1d',
    ]);
    this.#write('filter.d/guests.conf', ['[Definition]', 'failregex = ^ bad guest <HOST>$']);
    if (action !== '') symlinkSync('/etc/fail2ban/action.d', this.#path('action.d'));
    this.#write('jail.conf', [
      ...[
        '[DEFAULT]',
        'backend = polling',
        'filter = guests',
        'usedns = no',
        `bantime = ${bantime}`,
      ],
      ...[`action = ${action}`, `logpath = ${this.#path('input.log')}`],
      ...jails.flatMap((jail) => [`[${jail}]`, 'enabled = true']),
    ]);
  }

  async start(): Promise<void> {
    const [program = '', ...args] = [...this.#prefix, 'fail2ban-server', '-f', ...this.#where];
    const child = spawn(program, [...args, 'start'], { stdio: 'ignore' });
    this.#child = child;
    await waitFor('fail2ban to answer', () => {
      if (child.exitCode !== null) throw new Error(`fail2ban ended with ${child.exitCode}`);
      try {
        return this.client('ping').includes('pong');
      } catch {
        return false;
      }
    });
  }

  /** Runs a command of `fail2ban-client`; throws when it fails. */
  client(...command: readonly string[]): string {
    const [program = '', ...args] = [...this.#prefix, 'fail2ban-client', ...this.#where];
    const options = { encoding: 'utf8', stdio: 'pipe', timeout: 20_000 } as const;
    return execFileSync(program, [...args, ...command], options);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  get #where(): readonly string[] {
    return ['-c', this.#folder, '-s', this.#path('socket'), '-p', this.#path('pid')];
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #write(name: string, lines: readonly string[]): void {
    writeFileSync(this.#path(name), lines.map((line) => `${line}\n`).join(''));
  }
}

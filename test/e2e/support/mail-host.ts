import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

const user = 'Debian-exim';

/**
 * A real exim that delivers to a Maildir; its configuration, queue, logs and mailbox are in a folder
 * of its own, and it listens where `prefix` puts it (a network namespace).
 */
export class MailHost {
  readonly port = 25;
  readonly #folder: string;
  readonly #prefix: readonly string[];
  #child: ChildProcess | undefined;

  constructor(folder: string, prefix: readonly string[]) {
    this.#folder = join(folder, 'exim');
    this.#prefix = prefix;
    const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
    // Everything is done by exim's own user, who has to get here.
    chmodSync(folder, 0o711);
    for (const path of ['', 'spool', 'log', 'box']) {
      mkdirSync(this.#path(path));
      chownSync(this.#path(path), id('-u'), id('-g'));
    }
    writeFileSync(this.#path('exim.conf'), this.#configuration(), { mode: 0o644 });
  }

  /** What a sendmail of this host is called by; it has delivered when it ends. */
  get sendmail(): readonly string[] {
    return [...this.#exim, '-odf'];
  }

  get #exim(): readonly string[] {
    return ['/usr/sbin/exim4', '-C', this.#path('exim.conf')];
  }

  async start(): Promise<void> {
    const [program = '', ...args] = [...this.#prefix, ...this.#exim, '-bdf'];
    const child = spawn(program, args, { stdio: 'ignore' });
    this.#child = child;
    await waitFor('exim to listen', () => {
      if (child.exitCode !== null) throw new Error(`exim ended with ${child.exitCode}`);
      return existsSync(this.#path('exim.pid'));
    });
  }

  /** The mails that were delivered, oldest first. */
  mails(): readonly Buffer[] {
    const folder = this.#path('box/new');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)));
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #configuration(): string {
    return [
      'primary_hostname = localhost',
      `spool_directory = ${this.#path('spool')}`,
      `log_file_path = ${this.#path('log/%slog')}`,
      `pid_file_path = ${this.#path('exim.pid')}`,
      'local_interfaces = 127.0.0.1',
      `daemon_smtp_ports = ${this.port}`,
      ...['deliver_drop_privilege', 'disable_ipv6', 'tls_advertise_hosts =', 'host_lookup ='],
      ...['rfc1413_hosts =', 'keep_environment =', 'acl_smtp_rcpt = accept'],
      ...['begin routers', 'box:', '  driver = accept', '  domains = localhost'],
      '  transport = box',
      ...['begin transports', 'box:', '  driver = appendfile', '  maildir_format'],
      `  directory = ${this.#path('box')}`,
      ...['  delivery_date_add', '  envelope_to_add', '  return_path_add', ''],
    ].join('\n');
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandRunner } from '@remand/api';
import { commandsVia } from './commands-via.ts';

const products = ['shorewall', 'shorewall6'] as const;

export type Product = (typeof products)[number];

export interface ShorewallGiven {
  /** A network namespace of the test's own. */
  readonly namespace: string;
  /** Its interfaces; all are the zone `net`, and everything is accepted that is not blocked. */
  readonly interfaces: readonly string[];
  /** DYNAMIC_BLACKLIST */
  readonly blacklist: string;
  /** Other settings, such as `BLACKLIST: 'ALL'`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Shorewall and shorewall6 in a network namespace, each with a configuration and a state folder of
 * its own: without a private mount namespace they would be those of the machine.
 */
export class Shorewall {
  readonly #given: ShorewallGiven;
  readonly #folder = mkdtempSync(join(tmpdir(), 'remand-shorewall-'));
  readonly #holder: ChildProcess;
  readonly #started: Promise<unknown>;

  private constructor(given: ShorewallGiven) {
    this.#given = given;
    this.configure();
    const mounts = products.flatMap((product) =>
      (['etc', 'var/lib'] as const).map((place) => {
        const own = join(this.#folder, place, product);
        mkdirSync(own, { recursive: true });
        return `mount --bind ${own} /${place}/${product}`;
      }),
    );
    this.#holder = spawn(
      'ip',
      [
        ...['netns', 'exec', given.namespace, 'unshare', '-m', '--propagation', 'private'],
        ...['sh', '-ec', [...mounts, 'echo ready', 'exec sleep 3600'].join('\n')],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#started = once(this.#holder.stdout ?? this.#holder, 'data');
  }

  /** Nothing is started: that is left to `run('shorewall', 'start')`. */
  static async in(given: ShorewallGiven): Promise<Shorewall> {
    const shorewall = new Shorewall(given);
    await shorewall.#started;
    return shorewall;
  }

  /** What stands before a command that is to run in there. */
  get prefix(): readonly string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-m', '-n', '--'];
  }

  /** What is /var/lib in there. */
  get stateFolder(): string {
    return join(this.#folder, 'var/lib');
  }

  get commands(): CommandRunner {
    return commandsVia(this.prefix);
  }

  /** Writes the configuration; a running shorewall takes it by `restart`. */
  configure(changed: Partial<Pick<ShorewallGiven, 'blacklist' | 'settings'>> = {}): void {
    const { blacklist, settings, interfaces } = { ...this.#given, ...changed };
    for (const product of products) {
      const folder = join(this.#folder, 'etc', product);
      const defaults = `/usr/share/${product}/configfiles/${product}.conf`;
      const wanted = {
        STARTUP_ENABLED: 'Yes',
        LOGFILE: 'systemd',
        STARTUP_LOG: join(this.#folder, `${product}.log`),
        DYNAMIC_BLACKLIST: blacklist,
        ...settings,
      };
      const conf = Object.entries(wanted).reduce(
        (text, [name, value]) => text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`),
        readFileSync(defaults, 'utf8'),
      );
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${product}.conf`), conf);
      writeFileSync(
        join(folder, 'zones'),
        `fw firewall\nnet ipv${product === 'shorewall' ? 4 : 6}\n`,
      );
      const lines = interfaces.map((name) => `net ${name}\n`);
      writeFileSync(join(folder, 'interfaces'), `?FORMAT 2\n${lines.join('')}`);
      writeFileSync(join(folder, 'policy'), 'all all ACCEPT\n');
    }
  }

  run(...command: readonly string[]): string {
    const [program = '', ...args] = [...this.prefix, ...command];
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  start(): void {
    for (const product of products) this.run(product, 'start');
  }

  async remove(): Promise<void> {
    const gone = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

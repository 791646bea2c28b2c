import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

export type Place = 'firewall' | 'attacker' | 'neighbour' | 'server';

/** Documentation addresses (RFC 5737, RFC 3849): they exist in these namespaces only. */
export const addresses = {
  attacker: { host: '198.51.100.10', gateway: '198.51.100.1' },
  attacker6: { host: '2001:db8:a::10', gateway: '2001:db8:a::1' },
  neighbour: { host: '203.0.113.20', gateway: '203.0.113.1' },
  server: { host: '192.0.2.30', gateway: '192.0.2.1' },
} as const;

let made = 0;

/**
 * Four network namespaces: a firewall, joined by veth pairs to an attacker, a neighbour and a
 * server. Nothing of the machine's own network is touched.
 */
export class Network {
  readonly #prefix = `remand-e2e-${process.pid}-${++made}`;

  constructor() {
    try {
      for (const place of ['firewall', 'attacker', 'neighbour', 'server'] as const) {
        ip('netns', 'add', this.name(place));
        this.exec(place, 'ip', 'link', 'set', 'lo', 'up');
      }
      this.#join('attacker', addresses.attacker, 24);
      this.#join('neighbour', addresses.neighbour, 24);
      this.#join('server', addresses.server, 24);
      this.#addV6('attacker', addresses.attacker6);
      this.exec('firewall', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  name(place: Place): string {
    return `${this.#prefix}-${place}`;
  }

  /** The argv that runs a program in a namespace. */
  argv(place: Place, ...command: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name(place), ...command];
  }

  /** Runs a program to its end and returns its stdout; throws when it fails. */
  exec(place: Place, ...command: readonly string[]): string {
    const [program = '', ...args] = this.argv(place, ...command);
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 256 * 1024 * 1024,
    });
  }

  /** Gives nft in the firewall's namespace a script. */
  nft(script: string): void {
    const [program = '', ...args] = this.argv('firewall', 'nft', '-f', '-');
    execFileSync(program, args, { input: script, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Whether a TCP connection from a place is accepted within a second. */
  reaches(place: Place, host: string, port: number): boolean {
    try {
      this.exec(place, 'nc', '-z', '-w', '1', host, String(port));
      return true;
    } catch {
      return false;
    }
  }

  /** The same for tests that run side by side: it holds up none of the others. */
  async canReach(place: Place, host: string, port: number): Promise<boolean> {
    const probe = this.argv(place, 'nc', '-z', '-w', '1', host, String(port));
    const [program = '', ...args] = probe;
    return promisify(execFile)(program, args).then(
      () => true,
      () => false,
    );
  }

  remove(): void {
    for (const place of ['firewall', 'attacker', 'neighbour', 'server'] as const) {
      try {
        ip('netns', 'delete', this.name(place));
      } catch {
        // It was never made.
      }
    }
  }

  #join(place: Place, { host, gateway }: { host: string; gateway: string }, width: number): void {
    const inside = `to-${place}`.slice(0, 15);
    ip(
      ...['link', 'add', inside, 'netns', this.name('firewall'), 'type', 'veth'],
      ...['peer', 'name', 'eth0', 'netns', this.name(place)],
    );
    this.exec('firewall', 'ip', 'addr', 'add', `${gateway}/${width}`, 'dev', inside);
    this.exec('firewall', 'ip', 'link', 'set', inside, 'up');
    this.exec(place, 'ip', 'addr', 'add', `${host}/${width}`, 'dev', 'eth0');
    this.exec(place, 'ip', 'link', 'set', 'eth0', 'up');
    this.exec(place, 'ip', 'route', 'add', 'default', 'via', gateway);
  }

  #addV6(place: Place, { host, gateway }: { host: string; gateway: string }): void {
    const inside = `to-${place}`.slice(0, 15);
    this.exec('firewall', 'ip', 'addr', 'add', `${gateway}/64`, 'dev', inside, 'nodad');
    this.exec(place, 'ip', 'addr', 'add', `${host}/64`, 'dev', 'eth0', 'nodad');
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

import { Shorewall } from '../../support/shorewall.ts';
import { Daemon } from './daemon.ts';
import { addresses, Network } from './network.ts';
import { TcpServer } from './tcp-server.ts';

const { attacker, neighbour } = addresses;

export const ssh = 22;

/** Where nothing tells of a change the daemon looks every five seconds. */
export const repairMs = 9_000;

/** A firewall's host with an ssh port and a daemon to be configured, between hosts of its own. */
export class Gateway {
  readonly network: Network;
  readonly daemon: Daemon;
  readonly shorewall: Shorewall | undefined;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(network: Network, shorewall: Shorewall | undefined) {
    this.network = network;
    this.shorewall = shorewall;
    this.daemon = new Daemon(this.prefix);
  }

  /** @param given.blacklist a shorewall with this DYNAMIC_BLACKLIST is there, not yet started */
  static async open(given: { readonly blacklist?: string } = {}): Promise<Gateway> {
    const network = new Network();
    const { blacklist } = given;
    const shorewall =
      blacklist === undefined
        ? undefined
        : await Shorewall.in({
            namespace: network.name('firewall'),
            interfaces: ['to-attacker', 'to-neighbour', 'to-server'],
            blacklist,
          });
    const gateway = new Gateway(network, shorewall);
    const sshd = await TcpServer.start(network.argv('firewall'), ssh);
    gateway.atClose(() => sshd.stop());
    return gateway;
  }

  /** What stands before a command that is to run here. */
  get prefix(): readonly string[] {
    return this.shorewall?.prefix ?? this.network.argv('firewall');
  }

  /** Runs a program here to its end and returns its stdout; throws when it fails. */
  run(...command: readonly string[]): string {
    return this.shorewall?.run(...command) ?? this.network.exec('firewall', ...command);
  }

  /** Whether the attacker reaches the ssh port. */
  readonly isOpen = (): boolean => this.network.reaches('attacker', attacker.gateway, ssh);

  readonly isOpenToNeighbour = (): boolean =>
    this.network.reaches('neighbour', neighbour.gateway, ssh);

  /** What else is to be ended before the hosts are gone; the latest first. */
  atClose(end: () => Promise<unknown>): void {
    this.#ends.unshift(end);
  }

  async close(): Promise<void> {
    await this.daemon.remove();
    for (const end of this.#ends.splice(0)) await end();
    await this.shorewall?.remove();
    this.network.remove();
  }
}

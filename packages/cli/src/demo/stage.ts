import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandRunner, CommandStream } from '@remand/api';
import { ControlClient } from '../client/control-client.ts';

const bundledFolder = join(import.meta.dirname, '../../demo');
const command = join(import.meta.dirname, '../../bin/remand.js');

/** Where the demo plays: a folder of its own and, with a firewall, a network of its own. */
export class Stage {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'remand-demo-'));
  readonly rc: string = join(this.folder, 'remand.yaml');
  readonly log: string = join(this.folder, 'auth.log');
  readonly attack: string = join(bundledFolder, 'attack.log');
  readonly socket: string = join(this.folder, 'control.sock');
  /** The network namespace; undefined without a firewall. */
  readonly namespace: string | undefined;
  readonly #commands: CommandRunner;
  #child: CommandStream | undefined;
  #hasNamespace = false;

  constructor(commands: CommandRunner, withFirewall: boolean) {
    this.#commands = commands;
    this.namespace = withFirewall ? `remand-demo-${process.pid}` : undefined;
    const template = readFileSync(join(bundledFolder, 'remand.yaml'), 'utf8');
    const rc = template
      .replace(/^#.*\n/, '')
      .replaceAll('FOLDER', this.folder)
      .replaceAll('ACTION', withFirewall ? 'nftables' : 'observe');
    writeFileSync(this.rc, rc);
  }

  /** Makes the namespace, starts the daemon in it and waits until it answers. */
  async open(): Promise<ControlClient> {
    const run = [process.execPath, command, 'run', '-c', this.rc];
    if (this.namespace !== undefined) {
      await this.#commands.run(['ip', 'netns', 'add', this.namespace]);
      this.#hasNamespace = true;
    }
    this.#child = this.#commands.stream(
      this.namespace === undefined ? run : ['ip', 'netns', 'exec', this.namespace, ...run],
    );
    return this.#answering(this.#child);
  }

  /** Ends the daemon and removes everything, in whatever state it is. Never rejects. */
  async close(): Promise<void> {
    await this.#endDaemon().catch(() => undefined);
    if (this.#hasNamespace && this.namespace !== undefined) {
      const argv = ['ip', 'netns', 'delete', this.namespace];
      await this.#commands.run(argv).catch(() => undefined);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #answering(child: CommandStream): Promise<ControlClient> {
    let ended: string | undefined;
    void child.exited.then(({ stderr }) => {
      ended = stderr;
    });
    for (let attempt = 0; attempt < 100; attempt++) {
      if (ended !== undefined) throw new Error(`the daemon ended:\n${ended}`);
      const daemon = new ControlClient(this.socket);
      try {
        await daemon.call('status', {});
        return daemon;
      } catch {
        daemon.close();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error('the daemon did not answer within 10 s');
  }

  async #endDaemon(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const daemon = new ControlClient(this.socket);
    const asked = daemon.call('stop', {}).catch(() => undefined);
    const late = new Promise((resolve) => setTimeout(resolve, 3_000).unref());
    await Promise.race([asked.then(() => child.exited), late]);
    daemon.close();
    await child.stop();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';
import { failedPassword } from './support/sshd-lines.ts';
import { waitFor } from './support/wait-for.ts';

const host = '198.51.100.10';
const neighbour = '198.51.100.11';

describe('remand with other sources than files', () => {
  let daemon: Daemon;

  beforeEach(() => {
    daemon = new Daemon();
  });

  afterEach(() => daemon.remove());

  function configure(source: object, maxRetry = 3): void {
    const sources = JSON.stringify([source]);
    daemon.configure(
      `  sshd: { filter: sshd, sources: ${sources}, maxRetry: ${maxRetry}, actions: [observe], banTime: 1h }`,
    );
  }

  const held = async () => (await daemon.bans()).map(({ address }) => address);

  it('bans by the lines of a program, over its end and its own, and counts none twice', async () => {
    // Prints all lines with their times whenever it is started, as `docker logs` does, and ends.
    const log = join(daemon.folder, 'container.log');
    const program = join(daemon.folder, 'logs.mjs');
    writeFileSync(
      program,
      `import { readFileSync } from 'node:fs';
       process.stdout.write(readFileSync(${JSON.stringify(log)}, 'utf8'));`,
    );
    const write = (address: string) => {
      const line = `${new Date().toISOString()} gate sshd[1]: Failed password for root from ${address} port 4 ssh2\n`;
      appendFileSync(log, line);
    };
    write(host);
    write(neighbour);
    const argv = [process.execPath, program, '{since}'];
    configure({ command: { argv, timestamps: 'keep' } });
    await daemon.start();
    await waitFor('the program to end and begin again', async () => {
      const [jail] = (await daemon.status()).jails;
      return jail?.sources[0]?.state === 'degraded' && jail.lines >= 2;
    });
    write(host);
    await waitFor(
      'the second offence',
      async () => (await daemon.status()).jails[0]?.offences === 3,
    );
    await daemon.end('SIGKILL');
    await daemon.start();
    expect(await held()).toEqual([]);

    write(host);

    await waitFor('the ban', async () => (await held()).length > 0);
    expect(await held()).toEqual([host]);
    expect((await daemon.why(host)).events.filter(({ kind }) => kind === 'offence')).toHaveLength(
      3,
    );
  });

  it('bans by what is sent by syslog', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    server.close();
    await once(server, 'close');
    configure({ syslog: { tcp: port } });
    await daemon.start();

    const socket = connect(port, '127.0.0.1');
    for (let count = 0; count < 3; count++) socket.write(`<38>${failedPassword(host)}`);
    socket.end();

    await daemon.waitForBan(host);
  });

  it('bans by the JSON files of Docker', async () => {
    const folder = join(daemon.folder, 'containers/c1');
    mkdirSync(folder, { recursive: true });
    const paths = [join(daemon.folder, 'containers/*/*-json.log')];
    configure({ file: { paths, format: 'docker', program: 'sshd' } });
    await daemon.start();

    const log = `Failed password for root from ${host} port 40000 ssh2\r\n`;
    const entry = () =>
      `${JSON.stringify({ log, stream: 'stderr', time: new Date().toISOString() })}\n`;
    for (let count = 0; count < 3; count++) {
      appendFileSync(join(folder, 'c1-json.log'), entry());
    }

    await daemon.waitForBan(host);
  });

  it('reads a file while a flood of syslog comes', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    server.close();
    await once(server, 'close');
    const syslog = JSON.stringify([{ syslog: { tcp: port, maxBytesPerSecond: 1_000_000_000 } }]);
    daemon.configure(
      [
        `  flood: { filter: sshd, sources: ${syslog}, actions: [observe] }`,
        '  sshd: { filter: sshd, sources: [LOG], maxRetry: 1, actions: [observe], banTime: 1h }',
      ].join('\n'),
    );
    await daemon.start();
    const flood = `
      const socket = require('net').connect(${port}, '127.0.0.1');
      const chunk = ('<38>Jan  1 00:00:00 gate sshd[1]: Accepted password for x from 192.0.2.1\\n').repeat(1000);
      const write = () => { while (socket.write(chunk)); };
      socket.on('drain', write).on('connect', write).on('error', () => process.exit());`;
    const sender = spawn(process.execPath, ['-e', flood], { stdio: 'ignore' });
    try {
      await waitFor(
        'the flood',
        async () => ((await daemon.status()).jails[0]?.lines ?? 0) > 50_000,
      );
      const before = performance.now();
      appendFileSync(daemon.log, failedPassword(host));

      await daemon.waitForBan(host);

      expect(performance.now() - before).toBeLessThan(10_000);
    } finally {
      sender.kill('SIGKILL');
      await once(sender, 'exit');
    }
  });
});

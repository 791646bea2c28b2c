import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceBatch, SourceHealth } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { type SyslogOptions, syslogOptions } from '../src/options.ts';
import { SyslogSource } from '../src/syslog-source.ts';

let folder: string;
let source: SyslogSource | undefined;
let lines: string[];
let oversized: number;
let batches: number;
let block: Promise<void> | undefined;
const health = new Map<string, SourceHealth>();
const logger = memoryLogger();
const ends: (() => Promise<unknown>)[] = [];
const soon = { timeout: 20_000, interval: 10 };

async function begin(options: Partial<SyslogOptions>): Promise<void> {
  const parsed = syslogOptions.parse(options);
  const use = { id: 'syslog#0', jails: ['sshd'], lookBackMs: 600_000, options: parsed };
  source = new SyslogSource({ uses: [use], clock: realClock, logger });
  const feed = {
    maxLineBytes: 16_384,
    bookmark: () => undefined,
    health: (key: string, report: SourceHealth) => {
      health.set(key, report);
    },
    push: async (batch: SourceBatch) => {
      batches++;
      const text = Buffer.from(batch.bytes).toString('utf8');
      lines.push(...text.split('\n').slice(0, -1));
      oversized += batch.oversized ?? 0;
      expect(batch.live).toBe(true);
      await block;
    },
  };
  await source.start(feed, new AbortController().signal);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function client(...where: [number, string] | [string]): Promise<Socket> {
  const [first, host] = where;
  const socket = typeof first === 'number' ? connect(first, host) : connect(first);
  ends.push(async () => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remand-syslog-'));
  [lines, oversized, batches, block] = [[], 0, 0, undefined];
  health.clear();
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await source?.stop();
  rmSync(folder, { recursive: true });
});

describe(SyslogSource.name, () => {
  it('takes datagrams, one message each', async () => {
    const port = await freePort();
    await begin({ udp: port });
    const sender = createSocket('udp4');

    for (const message of ['<38>one\n', '<38>two\nforged', 'x'.repeat(20_000), '<38>three']) {
      await new Promise<void>((resolve) =>
        sender.send(message, port, '127.0.0.1', () => resolve()),
      );
    }
    sender.close();

    await expect.poll(() => lines, soon).toEqual(['<38>one', '<38>two#012forged', '<38>three']);
    expect(oversized).toBe(1);
    expect(health.get(`udp 127.0.0.1:${port}`)?.state).toBe('ok');
  });

  it('takes what connections bring, both ways of framing it', async () => {
    const port = await freePort();
    await begin({ tcp: `127.0.0.1:${port}` });
    const [a, b] = [await client(port, '127.0.0.1'), await client(port, '127.0.0.1')];

    a.write('<38>one\n<38>tw');
    b.write('9 <38>three');
    a.write('o\n');
    await expect.poll(() => lines.toSorted(), soon).toEqual(['<38>one', '<38>three', '<38>two']);
    a.end('<38>last');

    await expect.poll(() => lines.at(-1), soon).toBe('<38>last');
  });

  it('takes what comes over a Unix socket, and puts one that was left behind away', async () => {
    const path = join(folder, 'log');
    const left = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log(1))`,
    ]);
    await once(left.stdout, 'data');
    left.kill('SIGKILL');
    await once(left, 'exit');

    await begin({ unix: path, unixMode: '0660' });
    const socket = await client(path);
    socket.write('<38>one\n');

    await expect.poll(() => lines, soon).toEqual(['<38>one']);
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });

  it('does not take the place of a file, and says so', async () => {
    const path = join(folder, 'log');
    writeFileSync(path, 'mine');

    await begin({ unix: path });

    expect(health.get(`socket ${path}`)).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining('is there and is no socket'),
    });
  });

  it('hears nobody whom the list does not name', async () => {
    const [udp, tcp] = [await freePort(), await freePort()];
    await begin({ udp, tcp, from: ['192.0.2.0/24'] });
    const sender = createSocket('udp4');
    await new Promise<void>((resolve) => sender.send('<38>one', udp, '127.0.0.1', () => resolve()));
    sender.close();
    const socket = await client(tcp, '127.0.0.1');
    socket.write('<38>two\n');

    await once(socket, 'close');
    expect(lines).toEqual([]);
  });

  it('refuses connections beyond the limit of one sender', async () => {
    const tcp = await freePort();
    await begin({ tcp, maxConnectionsPerSender: 1 });
    const first = await client(tcp, '127.0.0.1');
    const second = await client(tcp, '127.0.0.1');

    await once(second, 'close');
    first.write('<38>one\n');

    await expect.poll(() => lines, soon).toEqual(['<38>one']);
  });

  it('slows a connection down that sends more than it may, and loses nothing', async () => {
    const tcp = await freePort();
    await begin({ tcp, maxBytesPerSecond: 100_000 });
    const socket = await client(tcp, '127.0.0.1');
    const sent = Array.from({ length: 2_500 }, (_, at) => `<38>${String(at).padStart(96, '0')}`);
    const started = performance.now();

    socket.end(sent.map((line) => `${line}\n`).join(''));

    await expect.poll(() => lines.length, soon).toBe(sent.length);
    expect(lines).toEqual(sent);
    expect(performance.now() - started).toBeGreaterThan(800);
  });

  it('keeps a flood of datagrams within bounds while nothing is taken, and says so', async () => {
    const udp = await freePort();
    const { promise, resolve } = Promise.withResolvers<void>();
    block = promise;
    await begin({ udp, maxBytesPerSecond: 1_000_000_000 });
    const sender = createSocket('udp4');
    // Each is read before the next one is sent, so that none is lost on its way.
    for (let count = 0; count < 6_000; count++) {
      sender.send('<38>flood', udp, '127.0.0.1');
      await new Promise<void>((done) => setImmediate(done));
    }
    expect(batches).toBe(1);

    resolve();
    block = undefined;
    const label = `udp 127.0.0.1:${udp}`;
    await expect
      .poll(() => health.get(label), soon)
      .toMatchObject({
        state: 'degraded',
        reason: expect.stringContaining('more came than could be read'),
      });
    sender.close();

    expect(lines.length).toBeGreaterThan(4_000);
    expect(lines.length).toBeLessThan(5_000);
    expect(logger.fieldsOf('syslog-dropped')).toHaveLength(1);
  });

  it('tries again where a port is taken', async () => {
    const tcp = await freePort();
    const other = createServer().listen(tcp, '127.0.0.1');
    await once(other, 'listening');
    await begin({ tcp });
    expect(health.get(`tcp 127.0.0.1:${tcp}`)).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining('EADDRINUSE'),
    });

    other.close();

    await expect.poll(() => health.get(`tcp 127.0.0.1:${tcp}`)?.state, soon).toBe('ok');
  });
});

needs('rsyslogd')('rsyslog that forwards to remand', () => {
  let rsyslogd: ChildProcess;
  let port: number;

  const conf = (target: string) => `
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${join(folder, 'in')}" CreatePath="on")
global(workDirectory="${folder}")
action(type="omfwd" target="127.0.0.1" port="${port}" ${target})
`;

  async function forward(target: string): Promise<void> {
    writeFileSync(join(folder, 'rsyslog.conf'), conf(target));
    const argv = ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')];
    rsyslogd = spawn('rsyslogd', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    ends.push(async () => {
      if (rsyslogd.exitCode !== null) return;
      rsyslogd.kill('SIGKILL');
      await once(rsyslogd, 'exit');
    });
    await expect
      .poll(() => statSync(join(folder, 'in'), { throwIfNoEntry: false }), soon)
      .toBeDefined();
  }

  async function log(message: string): Promise<void> {
    const argv = ['--socket', join(folder, 'in'), '--tag', 'sshd[77]', '-p', 'auth.info', message];
    const logger = spawn('logger', argv, { stdio: 'ignore' });
    await once(logger, 'exit');
  }

  it.each([
    [
      'UDP',
      'protocol="udp" template="RSYSLOG_TraditionalForwardFormat"',
      /^<38>[A-Z][a-z]{2} .\d \d\d:\d\d:\d\d \S+ sshd\[77\]: hello$/,
    ],
    [
      'TCP by lines',
      'protocol="tcp"',
      /^<38>\S+ \S+ sshd\[77\]: hello$|^<38>[A-Z][a-z]{2} .\d \S+ \S+ sshd\[77\]: hello$/,
    ],
    [
      'TCP by octet counting, RFC 5424',
      'protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"',
      /^<38>1 \S+ \S+ sshd 77 - - {1,2}hello$/,
    ],
  ])('is understood over %s', async (_what, target, expected) => {
    port = await freePort();
    await begin(target.includes('udp') ? { udp: port } : { tcp: port });
    await forward(target);

    await expect
      .poll(async () => {
        if (lines.length === 0) await log('hello');
        return lines.find((line) => line.includes('hello'));
      }, soon)
      .toMatch(expected);
  });
});

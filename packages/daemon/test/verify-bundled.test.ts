import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingCommandRunner, SmtpSink, verifyPlugin } from '@remand/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { bundled } from '../src/bundled.ts';

const folder = mkdtempSync(join(tmpdir(), 'remand-verify-'));
const log = join(folder, 'app.log');
writeFileSync(log, 'Jan  1 00:00:00 host app[1]: hello\n');
const mails = await SmtpSink.start();
const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await mails.close();
  server.closeAllConnections();
  server.close();
});

/** The options of those that need some. */
const options: Readonly<Record<string, unknown>> = {
  'source/file': { paths: [log] },
  'filter/patterns': { patterns: ['denied login from {address}'] },
  'notifier/email': {
    to: 'a@example.org',
    from: 'b@example.org',
    smtp: { host: mails.host, port: mails.port },
  },
  'notifier/webhook': { url: `http://127.0.0.1:${port}/` },
  'source/command': { argv: ['/bin/cat'] },
  'source/syslog': { unix: join(folder, 'syslog.sock') },
  'action/command': {
    name: 'mine',
    add: ['/bin/true', '{address}'],
    remove: ['/bin/true', '{address}'],
  },
  'action/hosts-deny': { path: join(folder, 'hosts.deny') },
  'action/ipfw': { rule: 100 },
  'action/ipset': { set: 'mine' },
  'action/iptables-multiport': { ports: [22] },
};

/** A machine whose programs do as they are told, and have nothing to tell. */
const commands = new RecordingCommandRunner({ 'nft -j': '{ "nftables": [] }' });

describe('the bundled plugins', () => {
  const all = Object.entries(bundled).flatMap(([kind, plugins]) =>
    Object.entries(plugins).map(([name, load]) => [`${kind}/${name}`, name, load] as const),
  );

  it.each(all)('%s is a sound plugin', async (key, name, load) => {
    const module = Object(await load());

    expect(await verifyPlugin({ module, name, options: options[key] ?? {}, commands })).toEqual([]);
  });
});

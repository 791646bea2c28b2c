import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PeerIndex } from '../../src/still-seen/peer-index.ts';
import { parseTcpTable, tcpSockets } from '../../src/still-seen/tcp-sockets.ts';

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

describe(parseTcpTable.name, () => {
  it('reads ports, peers and states of both families', () => {
    const text = `${head}   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0
   1: 0100007F:0016 0A6433C6:9C40 01 00000000:00000000 02:000A7D8C 00000000 0
   2: 0100007F:0050 0A6433C6:9C41 06 00000000:00000000 03:000017A2 00000000 0
  10: 0000000000000000FFFF00000100007F:0016 0000000000000000FFFF00000A6433C6:9C40 08 00000000:00000000
  11: B80D0120000000000000000001000000:0016 B80D01200A0000000000000010000000:9C40 01 0000000`;

    expect(parseTcpTable(text)).toEqual([
      { port: 22, peer: undefined, isOpen: false },
      { port: 22, peer: '198.51.100.10', isOpen: true },
      { port: 80, peer: '198.51.100.10', isOpen: false },
      { port: 22, peer: '198.51.100.10', isOpen: true },
      { port: 22, peer: '2001:db8:0:a:0:0:0:10', isOpen: true },
    ]);
  });

  it.each(['', head, 'nonsense', '   0: 00000000:0016 0000'])('finds nothing in %j', (text) => {
    expect(parseTcpTable(text)).toEqual([]);
  });
});

describe(PeerIndex.name, () => {
  it('finds the connections of an address and of a network', () => {
    const index = new PeerIndex([
      { port: 22, peer: undefined, isOpen: false },
      { port: 22, peer: '198.51.100.10', isOpen: true },
      { port: 25, peer: '2001:db8:0:a:0:0:0:10', isOpen: false },
      { port: 26, peer: '2001:db8:0:b:0:0:0:10', isOpen: false },
    ]);

    expect([...index.listening]).toEqual([22]);
    expect(index.connectionsOf('198.51.100.10')).toEqual([{ port: 22, isOpen: true }]);
    expect(index.connectionsOf('198.51.100.11')).toEqual([]);
    expect(index.connectionsOf('2001:db8:0:a::/64')).toEqual([{ port: 25, isOpen: false }]);
    expect(index.connectionsOf('2001:db8:0:b::10')).toEqual([{ port: 26, isOpen: false }]);
  });
});

describe.runIf(process.platform === 'linux')(tcpSockets.name, () => {
  it('sees a connection of this machine', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const client = connect(port, '127.0.0.1');
    onTestFinished(() => void client.destroy());
    await once(client, 'connect');

    const sockets = await tcpSockets();

    expect(sockets).toContainEqual({ port, peer: '127.0.0.1', isOpen: true });
    expect(sockets).toContainEqual({ port, peer: undefined, isOpen: false });
  });
});

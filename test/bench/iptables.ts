import { withDaemon } from './firewall.ts';
import { inAndOut } from './in-and-out.ts';
import type { Row } from './row.ts';

/** Ten thousand bans at once into iptables and out again, in a set and as rules. */
export async function iptablesRows(): Promise<Row[]> {
  return [
    ...(await rows('yes', 'iptables with ipset', ['ipset', 'save', 'remand-sshd-v4'])),
    ...(await rows('no', 'iptables without ipset', ['iptables', '-w', '5', '-S', 'remand-sshd'])),
  ];
}

function rows(ipset: 'yes' | 'no', where: string, show: readonly string[]): Promise<Row[]> {
  const actions = `[{ iptables-allports: { ipset: ${ipset} } }]`;
  return withDaemon({ banTime: '1h', actions }, (daemon, network) => {
    const held = () => network.exec('firewall', ...show).split(' 198.18.').length - 1;
    return inAndOut({ daemon, count: 10_000, where, held });
  });
}

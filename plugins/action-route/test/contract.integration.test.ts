import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import route from '../src/index.ts';

/** A namespace where an administrator has networks, routes into nothing, a table and rules. */
async function setUp(): Promise<ActionRig> {
  const namespace = new Namespace();
  const ip = (line: string) => namespace.exec('ip', ...line.split(' '));
  ip('link set lo up');
  ip('link add veth0 type veth peer name veth1');
  for (const end of ['veth0', 'veth1']) {
    // Without link-local addresses, which turn up some time later.
    ip(`link set ${end} addrgenmode none`);
    ip(`link set ${end} up`);
  }
  ip('addr add 198.51.100.200/24 dev veth0');
  ip('addr add 2001:db8:0:1::200/64 dev veth0 nodad');
  ip('route add blackhole 198.51.100.1');
  ip('route add unreachable 203.0.113.0/24 metric 114');
  ip('-6 route add blackhole 2001:db8:0:7::/64');
  ip('route add default via 198.51.100.254 table 7264');
  ip('rule add pref 72 from 198.51.100.200 lookup 7264');
  return {
    clock: realClock,
    commands: namespace.commands,
    passTime: (ms) => sleep(ms),
    dump: async () =>
      ['-4', '-6']
        .flatMap((family) => [
          namespace.exec('ip', family, 'rule', 'show'),
          namespace.exec('ip', family, 'route', 'show', 'table', 'all'),
        ])
        .join('\n'),
    stops: async (target) =>
      namespace.exec('ip', 'rule', 'show').includes('lookup 7263') &&
      namespace.exec('ip', 'route', 'show', 'table', '7263').includes(` ${target} proto 114 `),
    wipe: async () => {
      for (const family of ['-4', '-6']) {
        try {
          namespace.exec('ip', family, 'route', 'flush', 'table', '7263');
          namespace.exec('ip', family, 'rule', 'del', 'pref', '72', 'lookup', '7263');
        } catch {
          // It was wiped before.
        }
      }
    },
    tearDown: () => namespace.remove(),
  };
}

/** One table is one list: there is none of another holder. */
const ofJails = 'leaves the list of another holder alone';

needs('root', 'ip')('route keeps the contract of actions', () => {
  for (const [type, other] of [
    ['blackhole', 'unreachable'],
    ['unreachable', 'blackhole'],
  ]) {
    const otherOptions = [{ type: other }];
    const cases = actionContract({ plugin: route, options: { type }, otherOptions, setUp });
    for (const { title, run } of cases.filter((one) => one.title !== ofJails)) {
      it(`${title} (${type})`, run);
    }
  }
});

import { setTimeout as sleep } from 'node:timers/promises';
import { type ActionRig, actionContract } from '@remand/testkit';
import { describe, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import iptables, { iptablesMultiport } from '../src/index.ts';

const programs = ['iptables', 'ip6tables'];

/** A namespace where an administrator has rules and a set, of the same names as far as can be. */
async function setUp(variant: 'nft' | 'legacy'): Promise<ActionRig> {
  const namespace = new Namespace();
  const run = (program: string, ...args: readonly string[]) =>
    namespace.exec(`${program}-${variant}`, '-w', '5', ...args);
  for (const program of programs) {
    run(program, '-N', 'remands');
    run(program, '-A', 'remands', '-j', 'RETURN');
    run(program, '-A', 'INPUT', '-i', 'lo', '-j', 'ACCEPT');
    run(program, '-A', 'FORWARD', '-j', 'remands');
  }
  namespace.exec('ipset', 'create', 'remand', 'hash:ip');
  namespace.exec('ipset', 'add', 'remand', '198.51.100.1');
  const rules = () =>
    programs.map((program) => namespace.exec(`${program}-${variant}`, '-w', '5', '-S')).join('');
  return {
    clock: realClock,
    commands: namespace.commands,
    passTime: (ms) => sleep(ms),
    dump: async () => rules() + namespace.exec('ipset', 'save').replace(/ initval \S+/g, ''),
    wipe: async () => {
      for (const program of programs) {
        run(program, '-F');
        run(program, '-X');
      }
      namespace.exec('ipset', 'flush');
    },
    stops: async (target) => {
      const jump = /^-A INPUT .*-j remand-contract$/.test(
        run('iptables', '-S', 'INPUT').split('\n')[1] ?? '',
      );
      const rules = run('iptables', '-S', 'remand-contract');
      if (!rules.includes('--match-set')) return jump && rules.includes(`-s ${target}/32 -j `);
      return jump && namespace.exec('ipset', 'save', 'remand-contract-v4').includes(` ${target} `);
    },
    tearDown: () => namespace.remove(),
  };
}

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
)('iptables-allports keeps the contract of actions', () => {
  const ways = (['nft', 'legacy'] as const).flatMap((variant) =>
    (['yes', 'no'] as const).map((ipset) => ({ variant, ipset })),
  );

  for (const options of ways) {
    const legacy = options.variant === 'legacy' ? (['legacy iptables'] as const) : [];
    needs(...legacy)(`with ${options.variant} and ipset: ${options.ipset}`, () => {
      const { variant, ipset } = options;
      const otherOptions = [
        { variant, ipset, target: 'REJECT' },
        { variant, ipset, ports: [22, '6000-6010'], protocol: 'both' },
        { variant, ipset: ipset === 'yes' ? 'no' : 'yes', target: 'REJECT', ports: [22] },
      ];
      const given = { plugin: iptables, options, otherOptions, setUp: () => setUp(variant) };
      for (const { title, run } of actionContract(given)) it(title, run);
    });
  }

  for (const ipset of ['yes', 'no'] as const) {
    describe(`as iptables-multiport with ipset: ${ipset}`, () => {
      const options = { ipset, variant: 'nft', ports: [22, '6000-6010'], protocol: 'both' };
      const given = { plugin: iptablesMultiport, options, setUp: () => setUp('nft') };
      for (const { title, run } of actionContract(given)) it(title, run);
    });
  }
});

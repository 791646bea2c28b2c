import type { CommandRunner } from '@remand/api';
import type { FoundFirewall } from './found.ts';

const candidates: readonly (FoundFirewall & { readonly argv: readonly string[] })[] = [
  {
    action: 'shorewall',
    why: 'Shorewall runs here, and bans by its own list',
    argv: ['shorewall', 'status'],
  },
  { action: 'nftables', why: 'the program nft is installed', argv: ['nft', 'list', 'tables'] },
  {
    action: 'iptables-allports',
    why: 'the program iptables is installed, nft is not',
    argv: ['iptables', '-S', 'INPUT'],
  },
];

const none: FoundFirewall = {
  action: 'observe',
  why: 'neither Shorewall nor nft nor iptables works here, so that nothing is banned; see docs/reference/lists.md',
};

/** The first that answers. */
export async function findFirewall(commands: CommandRunner): Promise<FoundFirewall> {
  for (const { action, why, argv } of candidates) {
    const answers = await commands.run(argv, { timeoutMs: 5_000 }).then(
      () => true,
      () => false,
    );
    if (answers) return { action, why };
  }
  return none;
}

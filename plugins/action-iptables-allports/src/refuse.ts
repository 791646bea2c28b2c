import { CommandError, printable } from '@remand/api';
import type { ChainState } from './chain-state.ts';
import type { Layout } from './layout.ts';

/** A chain of that name is not remand's. */
export function refuseStranger({ rules }: ChainState, { chain }: Layout, program: string): never {
  const first = printable(rules[0] ?? '', 100);
  throw new CommandError(
    'REFUSED',
    `${program} has a chain ${chain} without remand's mark; it begins with "${first}"`,
    { hint: `choose another \`name\`, or remove it: ${program} -F ${chain}` },
  );
}

/** A chain to which others lead cannot be removed. */
export function refuseReferences(
  { references }: ChainState,
  { chain }: Layout,
  program: string,
): void {
  const [first] = references;
  if (first === undefined) return;
  throw new CommandError(
    'REFUSED',
    `a rule that is not remand's leads to the chain ${chain}: "${printable(first, 100)}"`,
    { hint: `remove that rule with ${program} -D, then try again` },
  );
}

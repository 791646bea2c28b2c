import type { NeighbourReport, NeighboursReport } from '@remand/api';
import type { SeenNeighbour, SeenNeighbours } from './look-for-neighbours.ts';

/** What of our own configuration decides whether entries can meet. */
export interface OwnSide {
  readonly lists: readonly { readonly list: string; readonly ownership: 'own' | 'shared' }[];
  readonly jails: readonly { readonly name: string; readonly logs: readonly string[] }[];
}

/** Says of each neighbour whether its entries and ours can meet, and what to do. */
export function neighboursReport(seen: SeenNeighbours, own: OwnSide): NeighboursReport {
  return { found: seen.found.map((one) => report(one, own)), unseen: seen.unseen };
}

function report(seen: SeenNeighbour, { lists, jails }: OwnSide): NeighbourReport {
  const { known, state, pid, foundBy } = seen;
  const meetsIn = lists.filter(({ ownership }) => ownership === 'shared').map(({ list }) => list);
  const readBy = jails
    .filter(({ logs }) => logs.some((log) => known.logs.includes(log)))
    .map(({ name }) => name);
  const sentences = [presence(seen), meeting(seen, lists.length, meetsIn)];
  if (readBy.length > 0) {
    const verb = readBy.length === 1 ? 'reads' : 'read';
    sentences.push(
      `${readBy.join(', ')} ${verb} its log: an address that it blocks is counted again here`,
    );
  }
  return {
    program: known.program,
    state,
    blocks: seen.blocks,
    pid,
    foundBy,
    meetsIn,
    readBy,
    summary: sentences.filter((text) => text !== '').join('; '),
    hint: seen.blocks
      ? `let only one of them watch each log: an address that both have banned must be lifted in both, here by \`remand unban\`, there by ${known.unban}`
      : 'nothing, as long as no bouncer of it blocks on this machine',
  };
}

function presence({ state, blocks, foundBy }: SeenNeighbour): string {
  const how = foundBy.join(', ');
  if (state === 'enabled') return `does not run now and will from the next boot on (${how})`;
  if (!blocks) return `decides on this machine, and nothing of it that blocks was seen (${how})`;
  return `blocks addresses on this machine too (${how})`;
}

function meeting({ blocks, keepsIn }: SeenNeighbour, lists: number, meetsIn: readonly string[]) {
  if (!blocks) return '';
  const its = `what it blocks is in ${keepsIn}`;
  // Without lists nothing is known of ours: the rc file has mistakes.
  if (lists === 0) return its;
  if (meetsIn.length === 0) {
    return `${its}; remand blocks in containers of its own: their entries cannot meet`;
  }
  return `its entries and ours can meet in ${meetsIn.join(', ')}, if it blocks there too: remand leaves alone what was there before, and it may remove what is ours`;
}

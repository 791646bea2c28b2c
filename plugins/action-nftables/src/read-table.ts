import type { CommandRunner, RunOptions } from '@remand/api';
import { table } from './layout.ts';

/**
 * Our table without the elements of its sets; undefined when there is none. Of all listings of
 * nft 1.0.6 only that of the ruleset leaves the elements in the kernel: with 100 000 of them it
 * takes 5 ms, `nft -t list table` 400.
 */
export async function readTable(
  commands: CommandRunner,
  options: RunOptions,
): Promise<string | undefined> {
  const { stdout } = await commands.run(['nft', '-t', 'list', 'ruleset', 'inet'], options);
  return tableIn(stdout);
}

/** The block of our table in a listing of the ruleset. */
export function tableIn(listing: string): string | undefined {
  const head = `table ${table} {\n`;
  const from = listing.startsWith(head) ? 0 : listing.indexOf(`\n${head}`);
  if (from < 0) return undefined;
  const to = listing.indexOf('\n}', from);
  return listing.slice(from, to < 0 ? undefined : to + 2);
}

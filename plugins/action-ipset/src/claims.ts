import { CommandError, type CommandRunner } from '@remand/api';

/** An action that is alive. For a moment of a reload there are two of one list. */
export interface Claimant {
  readonly list: string;
}

// By runner: all lists of a daemon have one, and two daemons in a process do not share it.
const claims = new WeakMap<CommandRunner, Map<string, Set<Claimant>>>();

/**
 * Keeps sets for one list. Two lists would each take the entries of the other for foreign ones,
 * and remove what the other still needs.
 * @throws CommandError when another list has one of them
 */
export function claimSets(
  commands: CommandRunner,
  sets: readonly string[],
  claimant: Claimant,
): void {
  const claimed = claims.get(commands) ?? new Map<string, Set<Claimant>>();
  claims.set(commands, claimed);
  for (const set of sets) {
    const other = [...(claimed.get(set) ?? [])].find(({ list }) => list !== claimant.list);
    if (!other) continue;
    throw new CommandError('REFUSED', `the set ${set} is in use by the list ${other.list}`, {
      hint: 'write the same `set` and `set6` wherever one of them is used',
    });
  }
  for (const set of sets) claimed.set(set, (claimed.get(set) ?? new Set()).add(claimant));
}

export function releaseSets(commands: CommandRunner, claimant: Claimant): void {
  for (const claimants of claims.get(commands)?.values() ?? []) claimants.delete(claimant);
}

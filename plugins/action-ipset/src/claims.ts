import { CommandError, type CommandRunner } from '@remand/api';

// By runner: all lists of a daemon have one, and two daemons in a process do not share it.
const claims = new WeakMap<CommandRunner, Map<string, string>>();

/**
 * Keeps a set for one list. Two lists would each take the entries of the other for foreign ones,
 * and remove what the other still needs.
 * @throws CommandError when another list has it
 */
export function claimSets(commands: CommandRunner, sets: readonly string[], list: string): void {
  const claimed = claims.get(commands) ?? new Map<string, string>();
  claims.set(commands, claimed);
  for (const set of sets) {
    const other = claimed.get(set);
    if (other === undefined || other === list) continue;
    throw new CommandError('REFUSED', `the set ${set} is in use by the list ${other}`, {
      hint: 'write the same `set` and `set6` wherever one of them is used',
    });
  }
  for (const set of sets) claimed.set(set, list);
}

export function releaseSets(commands: CommandRunner, list: string): void {
  const claimed = claims.get(commands);
  for (const [set, owner] of claimed ?? []) if (owner === list) claimed?.delete(set);
}

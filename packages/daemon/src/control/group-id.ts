import { readFile } from 'node:fs/promises';
import { CommandError, printable } from '@remand/api';

/**
 * The number of a group, by its name in a file like group(5) or as it is.
 * @throws CommandError NOT_FOUND
 */
export async function groupId(group: string | number, file = '/etc/group'): Promise<number> {
  if (typeof group === 'number') return group;
  if (/^[0-9]{1,9}$/.test(group)) return Number(group);
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  for (const line of lines) {
    const [name, , id] = line.split(':');
    if (name === group && id !== undefined) return Number(id);
  }
  throw new CommandError('NOT_FOUND', `there is no group '${printable(group)}' in ${file}`, {
    hint: 'control.group takes a group of /etc/group, or a number',
  });
}

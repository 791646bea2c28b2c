import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** All that a child sees: messages in English, and the programs of the system. */
export const commandEnvironment = {
  LC_ALL: 'C',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
} as const;

/** Whether a program of that name, or that path, can be executed by a command. */
export function isOnPath(program: string): boolean {
  if (program.includes('/')) return isExecutable(program);
  return commandEnvironment.PATH.split(':').some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Missing or not for us: either way it cannot be run.
    return false;
  }
}

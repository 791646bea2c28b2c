import { CommandError, type ControlApi } from '@remand/api';
import type { KernelParts } from '../parts.ts';
import type { SourceHub } from '../sources/source-hub.ts';
import { allow } from './allow.ts';
import { ban } from './ban.ts';
import { bans } from './bans.ts';
import { pluginReports } from './plugins.ts';
import { status } from './status.ts';
import { unban } from './unban.ts';
import { why } from './why.ts';

/** The one query and command interface of a running kernel, a function per verb. */
export function controlApi(given: {
  readonly parts: KernelParts;
  readonly sources: SourceHub;
  readonly version: string;
  readonly startedAt: number;
}): ControlApi {
  const { parts, sources, version, startedAt } = given;
  return {
    status: async () =>
      status({
        parts,
        version,
        startedAt,
        sourcesOf: (jail) => sources.healthOf(jail),
      }),
    bans: async (args) => bans(parts, args),
    why: async (args) => why(parts, args),
    ban: async (args) => ban(parts, args, parts.generation.config.defaultBanTimeMs),
    unban: async (args) => unban(parts, args),
    allow: async (args) => allow(parts, args),
    flush: async ({ list }) => {
      const lists = [...parts.generation.lists.map(({ key }) => key), ...parts.enforcer.retired];
      if (list !== undefined && !lists.includes(list)) {
        throw new CommandError('NOT_FOUND', `there is no list named "${list}"`, {
          hint: `there are: ${lists.join(', ') || 'none'}`,
        });
      }
      return { lists: await parts.enforcer.flush(list) };
    },
    plugins: async () => pluginReports(parts.generation),
    resetFuse: async () => {
      parts.fuse.reset();
      return parts.fuse.report(parts.clock.now());
    },
  };
}

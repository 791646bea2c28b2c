import { ConfigError, nearestName, printable } from '@remand/api';
import { type LoadedRc, rcError, type Settings } from '@remand/config';
import { type ReplayProgress, type ReplayReport, replayLogs } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { checkPlugins } from './check-plugins.ts';
import { importPlugin } from './import-plugin.ts';
import { allProblems, openRc, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';
import { unpacker } from './unpacker.ts';
import { withUsualSources } from './usual-sources.ts';

export type { ReplayProgress, ReplayReport };

export interface ReplayChoice extends RcChoice {
  readonly logs: readonly string[];
  /** This jail only. */
  readonly jail?: string;
  /** The year of the first line of logs whose dates have none. */
  readonly year?: number;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/**
 * What the rc file would have done with old logs. Nothing is written, enforced or told.
 * @throws ConfigError for a wrong rc file or jail and for a log that there is not, CommandError
 * INPUT_UNREADABLE for one that cannot be read
 */
export async function replayRc(choice: ReplayChoice): Promise<ReplayReport> {
  const rc = await openRc(choice);
  const { kernel } = await checked(rc);
  const { logs, year, onProgress } = choice;
  const report = await replayLogs({
    // Notifiers are validated above, and have nothing to do here.
    config: { ...kernel, notifiers: [], jails: chosen(kernel.jails, choice.jail) },
    bundled,
    importModule: importPlugin,
    unpacker,
    logs,
    ...(year !== undefined && { year }),
    ...(onProgress !== undefined && { onProgress }),
  }).catch((error: unknown) => {
    if (!(error instanceof ConfigError) || error.problems.length === 0) throw error;
    throw rcError(allProblems(rc, error.problems), rc.locate);
  });
  return { ...report, warnings: [...rc.warnings, ...report.warnings] };
}

async function checked(rc: LoadedRc): Promise<Settings> {
  if (rc.settings === undefined) return refuseProblems(rc);
  const { problems } = await checkPlugins(rc.settings);
  return (await withUsualSources(refuseProblems(rc, problems))).settings;
}

function chosen(
  jails: Settings['kernel']['jails'],
  name: string | undefined,
): Settings['kernel']['jails'] {
  if (name === undefined) return jails;
  const found = jails.filter((jail) => jail.name === name);
  if (found.length > 0) return found;
  const names = jails.map((jail) => jail.name);
  const near = nearestName(name, names);
  throw new ConfigError('USAGE', `there is no jail "${printable(name, 60)}" that is enabled`, {
    hint: near ? `did you mean "${near}"?` : `there are: ${names.join(', ') || 'none'}`,
  });
}

import { ConfigError } from '@remand/api';
import { rcError } from '@remand/config';
import { createKernel } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { checkPlugins } from './check-plugins.ts';
import { createCommandRunner } from './command-runner.ts';
import { groupId } from './control/group-id.ts';
import { Daemon } from './daemon.ts';
import { importPlugin } from './import-plugin.ts';
import { installedVersion } from './installation.ts';
import { createLogger } from './logging/create-logger.ts';
import { lookForNeighbours } from './neighbours/look-for-neighbours.ts';
import { Neighbours } from './neighbours/neighbours.ts';
import { allProblems, openRc, type RcChoice } from './open-rc.ts';
import { processEvents } from './process-events.ts';
import { refuseProblems } from './refuse-problems.ts';
import { Reloader } from './reloader.ts';
import { tellChosen, withUsualSources } from './usual-sources.ts';

export interface RunOptions extends RcChoice {
  /** Instead of `control.socket`. */
  readonly socket?: string;
}

/**
 * Is the daemon of this process: loads the rc file, runs until it is told to stop.
 * @returns the exit code
 * @throws ConfigError with every mistake of the rc file; CommandError when it cannot start
 */
export async function runDaemon(options: RunOptions): Promise<number> {
  const rc = await openRc(options);
  const ofKernel =
    rc.problems.length > 0 && rc.settings !== undefined
      ? await checkPlugins(rc.settings)
      : undefined;
  const settings = refuseProblems(rc, ofKernel?.problems);
  const { env } = process;
  const logger = createLogger({
    ...settings.log,
    stderr: process.stderr,
    colour: !env.NO_COLOR && env.TERM !== 'dumb',
  });
  try {
    const { group, socket } = settings.control;
    const place = {
      path: options.socket ?? socket,
      ...(group === undefined ? {} : { gid: await groupId(group) }),
    };
    for (const warning of rc.warnings) logger.warn('rc-warning', { warning });
    const commands = createCommandRunner({ logger });
    const { settings: complete, chosen } = await withUsualSources(settings, commands);
    tellChosen(chosen, logger);
    const kernel = await createKernel({
      config: complete.kernel,
      bundled,
      stateFolder: settings.state.path,
      version: installedVersion(),
      commands,
      logger,
      importModule: importPlugin,
    }).catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      throw rcError(allProblems(rc, error.problems), rc.locate);
    });
    const reloader = new Reloader({
      found: rc.found,
      settings,
      observe: options.observe ?? false,
      ownSocket: options.socket !== undefined,
      kernel,
      logger,
      commands,
      chosen,
    });
    const reload = () => reloader.reload();
    const events = processEvents();
    const neighbours = new Neighbours(lookForNeighbours);
    const given = { kernel, logger, socket: place, events, reload, neighbours };
    return await new Daemon(given).run();
  } finally {
    await logger.close();
  }
}

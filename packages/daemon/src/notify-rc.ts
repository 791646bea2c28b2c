import { ConfigError } from '@remand/api';
import { rcError } from '@remand/config';
import { type NotifierTrial, tryNotifiers } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { createCommandRunner } from './command-runner.ts';
import { importPlugin } from './import-plugin.ts';
import { createLogger } from './logging/create-logger.ts';
import { allProblems, openRc, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';

/** What `remand check --notify` shows. */
export interface NotifyReport {
  /** Absolute paths of what was read, the main file first. */
  readonly files: readonly string[];
  /** In the order of the rc file; none when none is configured. */
  readonly notifiers: readonly NotifierTrial[];
}

/**
 * Sends a test message through each notifier of an rc file, in this process: no daemon is asked
 * and no state opened.
 * @throws ConfigError for a missing or wrong rc file; then nothing was sent
 */
export async function notifyRc(choice: RcChoice): Promise<NotifyReport> {
  const rc = await openRc(choice);
  const { kernel: config, log } = refuseProblems(rc);
  // A notifier may be one that writes into the log.
  const { env, stderr } = process;
  const colour = !env.NO_COLOR && env.TERM !== 'dumb';
  const logger = createLogger({ ...log, stderr, colour });
  // The kernel's timers keep no process alive, and a notifier that hangs may not either.
  const awake = setInterval(() => undefined, 60_000);
  try {
    const commands = createCommandRunner({ logger });
    const given = { config, bundled, importModule: importPlugin, commands, logger };
    return { files: rc.files, notifiers: await tryNotifiers(given) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw rcError(allProblems(rc, error.problems), rc.locate);
  } finally {
    clearInterval(awake);
    await logger.close();
  }
}

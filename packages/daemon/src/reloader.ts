import {
  type CommandRunner,
  ConfigError,
  type ConfigPath,
  type ConfigProblem,
  type JailConfig,
  type Logger,
  printable,
  reasonOf,
} from '@remand/api';
import { type LoadedRc, type LocatedProblem, loadRc, type Settings } from '@remand/config';
import type { ChosenSources, Kernel, ReloadReport } from '@remand/kernel';
import { checkPlugins } from './check-plugins.ts';
import { checkProblem } from './check-problem.ts';
import type { ReloadOutcome } from './control/protocol.ts';
import type { ConfigurableLogger } from './logging/create-logger.ts';
import { allProblems } from './open-rc.ts';
import { tellChosen, withUsualSources } from './usual-sources.ts';

export interface ReloaderGiven {
  /** The rc file that the daemon was started with: the same one is read again. */
  readonly found: LoadedRc['found'];
  /** What it said then. */
  readonly settings: Settings;
  readonly observe: boolean;
  /** Whether the command line named the socket: then `control.socket` does not count. */
  readonly ownSocket: boolean;
  readonly kernel: Pick<Kernel, 'reload'>;
  /** For looking where lines come from. */
  readonly commands: CommandRunner;
  /** What jails without sources were given at the start. */
  readonly chosen: readonly ChosenSources[];
  readonly logger: ConfigurableLogger;
}

/** Reads the rc file again and puts it in force, or says everything that is wrong with it. */
export class Reloader {
  readonly #given: ReloaderGiven;
  #chosen: readonly ChosenSources[];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(given: ReloaderGiven) {
    this.#given = given;
    this.#chosen = given.chosen;
  }

  /**
   * One after the other, so that the file that was read last is in force in the end. What it has
   * come to is logged.
   * @throws CommandError REFUSED when the daemon is about to stop
   */
  reload(): Promise<ReloadOutcome> {
    const turn = this.#turn.then(() => this.#reload());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #reload(): Promise<ReloadOutcome> {
    const { logger } = this.#given;
    logger.info('reloading', { file: this.#given.found.file });
    try {
      const outcome = await this.#apply();
      tell(outcome, logger);
      return outcome;
    } catch (error) {
      logger.error('reload-failed', { reason: printable(reasonOf(error)) });
      throw error;
    }
  }

  async #apply(): Promise<ReloadOutcome> {
    const { found, observe, kernel, logger } = this.#given;
    let rc: LoadedRc;
    try {
      rc = await loadRc(found, { observe });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { message, hint } = error;
      return refused([{ path: [], message, ...(hint === undefined ? {} : { hint }) }]);
    }
    const { settings } = rc;
    if (settings === undefined) return refused(allProblems(rc, []));
    const fixed = this.#fixed(settings);
    if (rc.problems.length + fixed.length > 0) {
      const checked = await checkPlugins(settings);
      return refused(allProblems(rc, [...fixed, ...checked.problems]));
    }
    let report: ReloadReport;
    try {
      const complete = await withUsualSources(this.#asBefore(settings), this.#given.commands);
      tellChosen(complete.chosen, logger);
      report = await kernel.reload(complete.settings.kernel);
      this.#remember(settings, complete.chosen);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return refused(allProblems(rc, error.problems));
    }
    logger.configure(settings.log);
    return { reloaded: true, files: rc.files, warnings: rc.warnings, ...report };
  }

  /**
   * A jail that names no sources stays with those that it was given: a second log of the same
   * service would count the same lines again.
   */
  #asBefore(settings: Settings): Settings {
    const jails = settings.kernel.jails.map((jail) => {
      const known = this.#chosen.find((one) => isFor(one, jail));
      return known && jail.sources.length === 0 ? { ...jail, sources: known.sources } : jail;
    });
    return { ...settings, kernel: { ...settings.kernel, jails } };
  }

  #remember({ kernel: { jails } }: Settings, fresh: readonly ChosenSources[]): void {
    const kept = this.#chosen.filter((one) =>
      jails.some((jail) => jail.sources.length === 0 && isFor(one, jail)),
    );
    this.#chosen = [...kept, ...fresh];
  }

  /** What only a start can change. */
  #fixed(now: Settings): ConfigProblem[] {
    const { settings: before, ownSocket } = this.#given;
    const { control, state } = before;
    return [
      ...fixedValue(['state', 'path'], state.path, now.state.path),
      ...(ownSocket ? [] : fixedValue(['control', 'socket'], control.socket, now.control.socket)),
      ...fixedValue(['control', 'group'], control.group, now.control.group),
    ];
  }
}

function isFor(chosen: ChosenSources, jail: JailConfig): boolean {
  return chosen.jail === jail.name && chosen.filter === jail.filter.name;
}

function fixedValue(
  path: ConfigPath,
  before: string | undefined,
  now: string | undefined,
): ConfigProblem[] {
  if (before === now) return [];
  const [is, was] = [now, before].map((value) =>
    value === undefined ? 'nothing' : `"${printable(value, 200)}"`,
  );
  return [
    {
      path,
      message: `got ${is}, but remand runs with ${was}, which a reload cannot change`,
      hint: 'put it back, or restart remand: its bans stay in the firewall meanwhile',
    },
  ];
}

function refused(problems: readonly LocatedProblem[]): ReloadOutcome {
  return { reloaded: false, problems: problems.map(checkProblem) };
}

function tell(outcome: ReloadOutcome, logger: Logger): void {
  if (!outcome.reloaded) {
    const { problems } = outcome;
    for (const { place, path, message, hint } of problems) {
      logger.error('reload-problem', { place, path, problem: message, hint });
    }
    logger.error('reload-refused', {
      problems: problems.length,
      hint: 'the configuration in force has not changed',
    });
    return;
  }
  for (const warning of outcome.warnings) logger.warn('rc-warning', { warning });
  const { jails, sources, lists, notifiers } = outcome;
  const parts = Object.entries({ jails, sources, lists, notifiers }).map(
    ([what, { added, changed, removed }]) => [
      what,
      [...named('+', added), ...named('~', changed), ...named('-', removed)].join(' '),
    ],
  );
  logger.info('reloaded', Object.fromEntries(parts.filter(([, text]) => text !== '')));
  for (const { list, removed, reason } of outcome.emptied) {
    if (!removed) logger.warn('list-not-emptied', { list, reason });
  }
}

function named(sign: string, names: readonly string[]): string[] {
  return names.map((name) => `${sign}${printable(name)}`);
}

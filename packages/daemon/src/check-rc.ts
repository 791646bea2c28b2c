import { existsSync } from 'node:fs';
import {
  type ConfigPath,
  formatDuration,
  type JailConfig,
  type NeighboursReport,
  printable,
  type RungConfig,
} from '@remand/api';
import { effectiveValues, type LoadedRc, pathText } from '@remand/config';
import type { ChosenSources, ListPlan } from '@remand/kernel';
import { checkPlugins } from './check-plugins.ts';
import { type CheckProblem, checkProblem } from './check-problem.ts';
import { createCommandRunner } from './command-runner.ts';
import { type LookForNeighbours, lookForNeighbours } from './neighbours/look-for-neighbours.ts';
import { neighboursReport } from './neighbours/neighbours-report.ts';
import { allProblems, openRc, type RcChoice } from './open-rc.ts';
import { sourcesOfRc } from './usual-sources.ts';

/** What `remand check` shows. */
export interface CheckReport {
  /** Absolute paths of what was read, the main file first. */
  readonly files: readonly string[];
  readonly values: readonly {
    /** `jails.sshd.maxRetry` */
    readonly path: string;
    readonly value: string;
    /** `remand.yaml:14`, `defaults of remand.yaml:5`, `built-in default`. */
    readonly origin: string;
  }[];
  readonly lists: readonly ListPlan[];
  readonly warnings: readonly string[];
  readonly problems: readonly CheckProblem[];
  readonly neighbours: NeighboursReport;
}

/**
 * Loads everything that a start would load and starts nothing.
 * @throws ConfigError when there is no rc file that can be read
 */
export async function checkRc(
  choice: RcChoice,
  look: LookForNeighbours = lookForNeighbours,
): Promise<CheckReport> {
  const { rc, chosen } = await sourcesOfRc(await openRc(choice), createCommandRunner());
  const plan = await planOf(rc);
  const jails = rc.settings?.kernel.jails ?? [];
  return {
    files: rc.files,
    values: effectiveValues(rc).map(({ path, value, origin }) => ({
      path: pathText(path),
      value,
      origin: whyChosen(path, chosen) ?? origin,
    })),
    lists: plan.lists,
    warnings: [
      ...rc.warnings,
      ...plan.warnings,
      ...jails.flatMap(surprises),
      ...(rc.settings?.kernel.escalation ?? []).flatMap((rung) => shortRung(rung, jails)),
    ],
    problems: allProblems(rc, plan.problems).map(checkProblem),
    neighbours: neighboursReport(await look(), {
      lists: plan.lists,
      jails: jails.map(({ name, sources }) => ({
        name,
        logs: sources.flatMap((source) => filesOf(source.name, source.options)),
      })),
    }),
  };
}

async function planOf({ settings }: LoadedRc): ReturnType<typeof checkPlugins> {
  if (settings === undefined) return { problems: [], lists: [], warnings: [] };
  return checkPlugins(settings);
}

function whyChosen(path: ConfigPath, chosen: readonly ChosenSources[]): string | undefined {
  const [first, name, key] = path;
  if (first !== 'jails' || key !== 'sources') return undefined;
  return chosen.find(({ jail }) => jail === name)?.reason;
}

/** What is right and will still come as a surprise. */
function surprises(jail: JailConfig): string[] {
  const found: string[] = [];
  const say = (text: string) => found.push(`jail ${jail.name} ${text}`);
  if (jail.observe) say('only observes: it touches no firewall');
  if (jail.banTimeMs !== null && jail.banTimeMs < jail.findTimeMs) {
    const ban = formatDuration(jail.banTimeMs);
    say(`bans for ${ban}, less than its findTime of ${formatDuration(jail.findTimeMs)}`);
  }
  for (const file of jail.sources.flatMap(({ name, options }) => filesOf(name, options))) {
    if (existsSync(file)) continue;
    say(`reads ${printable(file, 400)}, which does not exist now; it is waited for`);
  }
  return found;
}

/** A rung that adds nothing to the bans that fire it. */
function shortRung(
  { name, banTimeMs, jails: counted, of }: RungConfig,
  jails: readonly JailConfig[],
) {
  if (banTimeMs === null || of !== undefined) return [];
  return jails
    .filter((jail) => counted?.includes(jail.name) ?? true)
    .filter((jail) => jail.banTimeMs === null || jail.banTimeMs >= banTimeMs)
    .map((jail) => {
      const bans = `rung ${name} bans for ${formatDuration(banTimeMs)}`;
      return `${bans}, no longer than jail ${jail.name} does (${formatDuration(jail.banTimeMs)})`;
    });
}

/** The plain paths of a `file` source; patterns may match nothing for good reasons. */
function filesOf(name: string, options: unknown): string[] {
  if (name !== 'file') return [];
  const paths: unknown =
    typeof options === 'object' ? Reflect.get(options ?? {}, 'paths') : options;
  const all: unknown[] = Array.isArray(paths) ? paths : [paths];
  return all.filter((path): path is string => typeof path === 'string' && !/[*?[\]{}]/.test(path));
}

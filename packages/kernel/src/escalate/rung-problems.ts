import {
  type ConfigProblem,
  formatDuration,
  type JailConfig,
  nearestName,
  printable,
  type RungConfig,
} from '@remand/api';

/** What is wrong with rungs beyond their names and actions. */
export function rungProblems(
  rungs: readonly RungConfig[],
  jails: readonly JailConfig[],
): readonly ConfigProblem[] {
  return rungs.flatMap((rung) => {
    const broken = [...unknownJails(rung, jails), ...brokenOf(rung, rungs)];
    if (broken.length > 0) return broken;
    return [...neverFires(rung, rungs, jails), ...contradictions(rung, rungs)];
  });
}

/** Jails that a rule names and that are not in use. */
export function unknownJails(
  { jails = [], path }: Pick<RungConfig, 'jails' | 'path'>,
  all: readonly JailConfig[],
) {
  const names = all.map(({ name }) => name);
  return jails.flatMap((name, index): ConfigProblem[] =>
    names.includes(name)
      ? []
      : [
          {
            path: [...path, 'jails', index],
            message: `there is no jail named "${printable(name, 60)}"`,
            hint: meant(name, names, 'the jails in use are'),
          },
        ],
  );
}

function brokenOf(rung: RungConfig, rungs: readonly RungConfig[]): readonly ConfigProblem[] {
  const { of, jails, path } = rung;
  if (of === undefined) return [];
  const at = [...path, 'of'];
  const names = rungs.map(({ name }) => name);
  if (!names.includes(of)) {
    const message = `there is no rung named "${printable(of, 60)}"`;
    const others = names.filter((name) => name !== rung.name);
    return [{ path: at, message, hint: meant(of, others, 'there are') }];
  }
  const way = wayDown(rung, rungs);
  if (way.at(-1) === rung.name) {
    const message = `goes round in a circle: ${[rung.name, ...way].join(' counts ')}`;
    return [{ path: at, message, hint: 'one of them has to count bans: take its "of" out' }];
  }
  if (jails === undefined) return [];
  return [
    {
      path: [...path, 'jails'],
      at: 'key',
      message: 'does not go with "of": escalations are counted whatever jail began them',
      hint: `take it out, or give it to rung ${of}`,
    },
  ];
}

/** The names of the rungs below, until there is none or one comes again. */
function wayDown(from: RungConfig, rungs: readonly RungConfig[]): readonly string[] {
  const way: string[] = [];
  let at = from.of;
  while (at !== undefined && !way.includes(at)) {
    way.push(at);
    if (at === from.name) break;
    at = rungs.find(({ name }) => name === at)?.of;
  }
  return way;
}

/**
 * A holder bans an address again only when its own ban has ended, and what it counts has to lie
 * within the window.
 */
function neverFires(
  rung: RungConfig,
  rungs: readonly RungConfig[],
  jails: readonly JailConfig[],
): readonly ConfigProblem[] {
  const { of, after, withinMs } = rung;
  const counted: readonly Counted[] =
    of === undefined
      ? jails.filter(({ name }) => rung.jails === undefined || rung.jails.includes(name))
      : rungs.filter(({ name }) => name === of);
  // Nothing is in use yet, or all of it is switched off.
  if (counted.length === 0) return [];
  const most = counted.reduce((sum, { banTimeMs }) => sum + mostWithin(banTimeMs, withinMs), 0);
  if (most >= after) return [];
  const whose = counted.map(({ name, banTimeMs }) => `${name} for ${formatDuration(banTimeMs)}`);
  const times = most === 1 ? 'once' : `${most} times`;
  const message =
    `can never fire: within ${formatDuration(withinMs)} an address can be banned ${times} at most ` +
    `(${whose.slice(0, 5).join(', ')}), and it wants ${after}`;
  return [{ path: [...rung.path, 'after'], message, hint: 'lower after, or lengthen within' }];
}

type Counted = Pick<RungConfig, 'name' | 'banTimeMs'>;

function mostWithin(banTimeMs: number | null, withinMs: number): number {
  return banTimeMs === null ? 1 : Math.ceil(withinMs / banTimeMs);
}

function contradictions(rung: RungConfig, rungs: readonly RungConfig[]): readonly ConfigProblem[] {
  const before = rungs.slice(0, rungs.indexOf(rung));
  const same = before.find(
    (other) =>
      countsTheSame(rung, other) && rung.after === other.after && rung.withinMs === other.withinMs,
  );
  if (same) {
    const message = `has the same conditions as rung ${same.name}`;
    return [{ path: rung.path, message, hint: 'make one rung of them, with the longer banTime' }];
  }
  const lower = rungs.find((other) => isHigher(rung, other) && isShorter(rung, other));
  if (!lower) return [];
  const message =
    `bans for ${formatDuration(rung.banTimeMs)}, shorter than rung ${lower.name} below it ` +
    `(${formatDuration(lower.banTimeMs)})`;
  return [{ path: [...rung.path, 'banTime'], message, hint: 'a higher rung has to ban longer' }];
}

function isHigher(rung: RungConfig, other: RungConfig): boolean {
  return rung.of === other.name || (countsTheSame(rung, other) && rung.after > other.after);
}

function isShorter({ banTimeMs: one }: RungConfig, { banTimeMs: other }: RungConfig): boolean {
  return one !== null && (other === null || one < other);
}

function countsTheSame(rung: RungConfig, other: RungConfig): boolean {
  const jailsOf = ({ jails }: RungConfig) => (jails ? [...new Set(jails)].sort().join() : '*');
  return rung.of === other.of && jailsOf(rung) === jailsOf(other);
}

function meant(name: string, known: readonly string[], there: string): string {
  const nearest = nearestName(name, known);
  return nearest === undefined
    ? `${there}: ${known.join(', ') || 'none'}`
    : `did you mean "${nearest}"?`;
}

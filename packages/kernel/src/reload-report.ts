import { isDeepStrictEqual } from 'node:util';
import { networkHolder, type PluginKind } from '@remand/api';
import { type Generation, keptPlaces } from './generation.ts';
import type { ReloadChanges, ReloadReport } from './kernel-contract.ts';

/** What is different in another generation. */
export function reloadChanges(
  before: Generation,
  now: Generation,
): Omit<ReloadReport, 'emptied' | 'stranded'> {
  const oldJails = new Map(before.jails.map(({ config }) => [config.name, config]));
  const sameJails = now.jails
    .map(({ config }) => config)
    .filter((jail) => isDeepStrictEqual(written(oldJails.get(jail.name)), written(jail)));
  const oldRungs = new Map(rungsOf(before).map((rung) => [rung.name, rung]));
  const newRungs = rungsOf(now);
  const sameRungs = newRungs.filter((rung) =>
    isDeepStrictEqual(written(oldRungs.get(rung.name)), written(rung)),
  );
  const ofKind = (kind: PluginKind) =>
    changes(placesOf(before, kind), placesOf(now, kind), keptPlaces(before, now, kind));
  return {
    jails: changes(
      [...oldJails.keys()],
      now.jails.map(({ config }) => config.name),
      new Set(sameJails.map(({ name }) => name)),
    ),
    rungs: changes(
      [...oldRungs.keys()],
      newRungs.map(({ name }) => name),
      new Set(sameRungs.map(({ name }) => name)),
    ),
    sources: ofKind('source'),
    lists: ofKind('action'),
    notifiers: ofKind('notifier'),
  };
}

/** With what bans ranges, which escalates as well. */
function rungsOf({ config }: Generation): readonly { readonly name: string }[] {
  const { escalation = [], network } = config;
  return [...escalation, ...(network ? [{ name: networkHolder, ...network }] : [])];
}

function changes(
  before: readonly string[],
  now: readonly string[],
  same: ReadonlySet<string>,
): ReloadChanges {
  return {
    added: now.filter((name) => !before.includes(name)),
    changed: now.filter((name) => before.includes(name) && !same.has(name)),
    removed: before.filter((name) => !now.includes(name)),
  };
}

function placesOf({ instances }: Generation, kind: PluginKind): readonly string[] {
  return instances.filter((made) => made.kind === kind).map(({ place }) => place);
}

/** Without the places in the file, which move when a line is added. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'path')
      .map(([key, one]) => [key, key === 'options' ? one : written(one)]),
  );
}

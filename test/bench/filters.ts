import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { AnyPlugin, Filter } from '@remand/api';
import { bundled } from '@remand/daemon';
import { readFilterSamples } from '@remand/testkit';
import { ordinaryDay } from '../support/ordinary-day.ts';
import { replaySeconds, writeRc } from './replay.ts';
import { median, type Row } from './row.ts';

/** What cannot be without options, or reads what no server writes. */
const left = new Set(['patterns']);
const filters = Object.keys(bundled.filter).filter((name) => !left.has(name));
const root = join(import.meta.dirname, '../..');

/** All filters on one log against the one that matters there. */
export function allFiltersRow(given: {
  readonly log: string;
  readonly folder: string;
  readonly lines: number;
  readonly runs: number;
}): Row {
  const { log, folder, lines, runs } = given;
  const rcOf = (name: string, names: readonly string[]) => {
    const jails = names.map(
      (filter) => `  ${filter}: { filter: ${filter}, sources: [${log}], actions: [observe] }`,
    );
    return writeRc(folder, name, `version: 1\njails:\n${jails.join('\n')}\n`);
  };
  const [one, all] = [rcOf('one.yaml', ['sshd']), rcOf('all.yaml', filters)];
  const ratios = Array.from({ length: runs }, () => {
    const alone = replaySeconds(log, one, lines);
    return replaySeconds(log, all, lines) / alone;
  });
  const value = median(ratios);
  return {
    what: `replay of a mixed auth.log with all ${filters.length} filters instead of sshd alone`,
    measured: `${value.toFixed(2)} × the time`,
    value,
    unit: 'ratio',
    budget: '≤ 1.3 ×',
    kept: value <= 1.3,
  };
}

/** What one message costs each filter: its samples, and what its service writes on an ordinary day. */
export async function filterRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const file of globSync('plugins/filter{,s}-*/test/{,*/}samples.txt', { cwd: root }).sort()) {
    const folder = dirname(join(root, file));
    const name = basename(folder) === 'test' ? folderName(folder) : basename(folder);
    const filter = await filterOf(name);
    if (filter === undefined) continue;
    const ns = nsPerMessage(filter, messagesIn(folder));
    rows.push({
      what: `filter ${name}, a message`,
      measured: `${Math.round(ns)} ns`,
      value: ns,
      unit: 'ns',
    });
  }
  return rows;
}

async function filterOf(name: string): Promise<Filter | undefined> {
  const plugins = Object.values(Object(await bundled.filter[name]?.())) as AnyPlugin[];
  const plugin = plugins.find((one) => one?.kind === 'filter' && one.name === name);
  if (plugin?.kind !== 'filter') return undefined;
  const { value } = plugin.options['~standard'].validate({}) as { value: unknown };
  return plugin.create({ options: value });
}

function messagesIn(folder: string): readonly string[] {
  const samples = readFilterSamples(readFileSync(join(folder, 'samples.txt'), 'latin1'));
  const ordinary = join(folder, 'ordinary.txt');
  const day = existsSync(ordinary) ? ordinaryDay(readFileSync(ordinary, 'latin1')) : [];
  // As many of the one as of the other.
  return [...samples.map(({ message }) => message), ...day.slice(0, samples.length)];
}

function nsPerMessage(filter: Filter, messages: readonly string[]): number {
  const line = { program: filter.programs?.[0]?.replace(/\*$/, ''), pid: 1 };
  const rounds = Math.ceil(100_000 / messages.length);
  const once = () => {
    const before = performance.now();
    for (let round = 0; round < rounds; round++) {
      for (const message of messages) {
        if (filter.prefixes?.some((prefix) => message.startsWith(prefix)) === false) continue;
        if (filter.match(message, line) === undefined) filter.converse?.(message, line);
      }
    }
    return ((performance.now() - before) * 1e6) / (rounds * messages.length);
  };
  return median(Array.from({ length: 5 }, once));
}

/** `plugins/filter-sshd/test` is of sshd. */
function folderName(folder: string): string {
  return basename(dirname(folder)).replace(/^filter-/, '');
}

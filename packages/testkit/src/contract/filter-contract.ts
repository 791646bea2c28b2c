import assert from 'node:assert/strict';
import type { Filter, LineInfo, Match } from '@remand/api';
import {
  checkPatterns,
  type PatternEntry,
  PatternSet,
  type PatternTable,
  stopOf,
} from '@remand/patterns';
import type { ContractCase } from './contract-case.ts';
import { attacker, HostileMessages } from './hostile-messages.ts';

/** A message and what a filter must make of it. */
export interface FilterSample {
  /** The line behind its header, one character per byte. */
  readonly message: string;
  /** The id of the pattern that takes it; absent: it is no match. */
  readonly pattern?: string | undefined;
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  /** The program of the header; null for one without. Default: the filter's first. */
  readonly program?: string | null | undefined;
}

export interface FilterContractGiven {
  /** The filter with all its patterns switched on. */
  readonly filter: Filter;
  readonly table: PatternTable;
  readonly samples: readonly FilterSample[];
  /** Takes off what may stand around the service's own words. Default: nothing does. */
  readonly unwrap?: (message: string) => string;
  /** Messages made for each pattern. Default: 300. */
  readonly runs?: number;
}

const longText = 100_000;
const msPerKilobyte = 1;

/**
 * What every filter that is made of patterns owes the kernel, as cases for a test runner: one
 * reading, linear time, samples of every pattern, and never an address that somebody else wrote.
 *
 * @example
 * describe('my filter', () => {
 *   for (const { title, run } of filterContract({ filter, table, samples })) it(title, run);
 * });
 */
export function filterContract(given: FilterContractGiven): readonly ContractCase[] {
  const { filter, table, samples, runs = 300 } = given;
  const cases: readonly { readonly title: string; readonly run: () => void }[] = [
    { title: 'reads every line in one way, in linear time', run: () => provesItsTable(table) },
    {
      title: 'makes of every sample what it says',
      run: () => samples.forEach(says(filter, table)),
    },
    {
      title: 'has a sample of every pattern, one of which no other pattern takes',
      run: () => hasSampleOfEach(given),
    },
    { title: 'has samples that are no match', run: () => hasNegatives(samples) },
    {
      title: 'blames the sender whatever stands in the free text',
      run: () => blamesTheSender(filter, table, runs),
    },
    {
      title: 'blames nobody else in a line that is cut or mixed up',
      run: () => survivesDamage(filter, table, runs),
    },
    { title: 'takes at most 1 ms for a kilobyte', run: () => isQuick(filter, table) },
    { title: 'explains itself as it matches', run: () => explainsItself(filter, samples) },
  ];
  return cases.map(({ title, run }) => ({ title, run: async () => run() }));
}

function provesItsTable(table: PatternTable): void {
  const problems = checkPatterns(table).map(
    ({ index, message }) => `${table.patterns[index]?.id}: ${message}`,
  );
  assert.deepEqual(problems, []);
}

const says = (filter: Filter, table: PatternTable) => (sample: FilterSample) => {
  const { message, pattern, address, user } = sample;
  const entry = table.patterns.find(({ id }) => id === pattern);
  const line = lineOf(filter, sample.program);
  if (entry?.tells !== undefined) {
    assert.equal(offer(filter, message, line), undefined, `a match by itself: ${message}`);
    const piece = filter.converse?.(message, line);
    assert.ok(piece, `it tells nothing of a conversation: ${message}`);
    assert.equal(piece.address, address, `the address in: ${message}`);
    if (user !== undefined) assert.equal(piece.user, user, `the user in: ${message}`);
    return;
  }
  const found = offer(filter, message, line);
  if (pattern === undefined) {
    assert.equal(found, undefined, `should be no match, and is one: ${message}`);
    return;
  }
  assert.ok(found, `should match, and does not${stopIn(filter, sample)}: ${message}`);
  assert.equal(found.address, address, `the address in: ${message}`);
  if (user !== undefined) assert.equal(found.user, user, `the user in: ${message}`);
};

/** Where its pattern stopped, if the filter can tell. */
function stopIn(filter: Filter, { message, pattern, program }: FilterSample): string {
  const trials = filter.explain?.(message, lineOf(filter, program)) ?? [];
  const trial = trials.find((one) => one.pattern === pattern);
  return trial === undefined ? '' : ` (${stopOf(trial)})`;
}

function hasSampleOfEach({ table, samples, unwrap = (one) => one }: FilterContractGiven): void {
  for (const { id, tells } of table.patterns) {
    const isRival = (entry: PatternEntry) =>
      entry.id !== id && (entry.tells === undefined) === (tells === undefined);
    const own = samples.filter(({ pattern }) => pattern === id);
    assert.ok(own.length > 0, `there is no sample of the pattern "${id}"`);
    const alone = new PatternSet(table, { isOn: (entry) => entry.id === id });
    const others = new PatternSet(table, { isOn: isRival });
    const taken = (set: PatternSet, { message, program }: FilterSample) =>
      set.match(unwrap(message), program ?? undefined) !== undefined ||
      set.converse(unwrap(message), { program: program ?? undefined, pid: 1 }) !== undefined;
    for (const sample of own) {
      assert.ok(taken(alone, sample), `the pattern "${id}" does not take: ${sample.message}`);
    }
    const isNeeded = own.some((sample) => !taken(others, sample));
    assert.ok(isNeeded, `other patterns take every sample of "${id}": it is not needed`);
  }
}

function hasNegatives(samples: readonly FilterSample[]): void {
  const negatives = samples.filter(({ pattern }) => pattern === undefined);
  assert.ok(negatives.length > 0, 'there is no sample of a line that is no match');
}

function blamesTheSender(filter: Filter, table: PatternTable, runs: number): void {
  const messages = new HostileMessages(table);
  for (const entry of table.patterns) {
    const line = lineOf(filter, entry.programs?.[0]);
    if (entry.tells === 'offence' || entry.tells === 'end') continue;
    const plain = messages.plain(entry);
    assert.equal(addressIn(filter, plain, line), attacker, `the address in: ${plain}`);
    for (let run = 0; run < runs; run++) {
      const message = messages.next(entry);
      const found = addressIn(filter, message, line);
      assert.equal(found ?? attacker, attacker, `the address in: ${message}`);
    }
  }
}

function survivesDamage(filter: Filter, table: PatternTable, runs: number): void {
  const messages = new HostileMessages(table);
  for (const entry of table.patterns) {
    const line = lineOf(filter, entry.programs?.[0]);
    for (let run = 0; run < runs; run++) {
      const message = messages.damaged(entry);
      const found = offer(filter, message, line);
      if (found) assert.match(found.address, /^[\da-f.:]{2,45}$/i, `the address in: ${message}`);
    }
  }
}

function isQuick(filter: Filter, table: PatternTable): void {
  const messages = new HostileMessages(table);
  for (const entry of table.patterns) {
    const line = lineOf(filter, entry.programs?.[0]);
    for (const message of messages.long(entry, longText)) {
      // The best of three: a test runs beside others.
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 3; run++) {
        const before = performance.now();
        offer(filter, message, line);
        best = Math.min(best, performance.now() - before);
      }
      const most = (message.length / 1024) * msPerKilobyte;
      assert.ok(best <= most, `${entry.id} took ${best} ms for ${message.length} characters`);
    }
  }
}

function explainsItself(filter: Filter, samples: readonly FilterSample[]): void {
  for (const { message, program } of samples) {
    const line = lineOf(filter, program);
    for (const text of [message, message.slice(0, -1), `${message}!`]) {
      const trials = filter.explain?.(text, line) ?? [];
      const isMatch = filter.match(text, line) !== undefined;
      assert.equal(
        trials.some(({ matched }) => matched),
        isMatch,
        `what it explains of: ${text}`,
      );
      for (const { pattern, reached } of trials) {
        assert.ok(reached >= 0 && reached <= text.length, `${pattern} reached ${reached}: ${text}`);
      }
    }
  }
}

/** As the kernel offers a message: only with one of the prefixes. */
function offer(filter: Filter, message: string, line: LineInfo): Match | undefined {
  const { prefixes } = filter;
  if (prefixes && !prefixes.some((prefix) => message.startsWith(prefix))) return undefined;
  return filter.match(message, line);
}

/** The address of a match, or of a piece of a conversation. */
function addressIn(filter: Filter, message: string, line: LineInfo): string | undefined {
  return offer(filter, message, line)?.address ?? filter.converse?.(message, line)?.address;
}

function lineOf(filter: Filter, program: string | null | undefined): LineInfo {
  const given = program === undefined ? filter.programs?.[0] : program;
  return { program: given?.replace(/\*$/, '') ?? undefined, pid: 4711 };
}

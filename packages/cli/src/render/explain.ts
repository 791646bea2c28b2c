import { formatDuration, printable } from '@remand/api';
import type { JailExplanation, LineExplanation, LineReading, StateLook } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { type Cell, pairs } from '../output/table.ts';
import { untilWhen } from '../output/when.ts';
import { headerPairs } from './header.ts';
import { renderPatterns } from './patterns.ts';

/** What was counted before, if that is not known: for stderr, once. */
export function renderState(state: StateLook, paint: Paint): string {
  if (state.looked) return '';
  const reason = printable(state.reason, 500);
  return `${paint('yellow', '!')} what was counted before was not looked at: ${reason}\n`;
}

/** `remand explain` for people: one line. */
export function renderExplanation(
  { line, bytes, tooLong, readings }: LineExplanation,
  now: number,
  paint: Paint,
): string {
  const long = tooLong ? paint('yellow', ` (${bytes} bytes or more)`) : '';
  const head = `${paint('bold', 'line')}${long}  ${printable(line, 300)}\n`;
  return head + readings.map((reading) => renderReading(reading, tooLong, now, paint)).join('\n');
}

function renderReading(
  { framing, header, jails }: LineReading,
  tooLong: boolean,
  now: number,
  paint: Paint,
): string {
  const facts: readonly (readonly [string, Cell])[] =
    framing === 'none'
      ? [['header', 'none is looked for: their sources have header: none']]
      : headerPairs(header);
  const hint = framing === 'auto' && header.kind === 'none' && !tooLong ? noHeader(paint) : '';
  const parts = jails.map((jail) => renderJail(jail, header.message, now, paint));
  return `${pairs(facts, paint)}${hint}\n${parts.join('\n')}`;
}

function noHeader(paint: Paint): string {
  const text =
    'give the whole line as the log has it; for logs without headers set `header: none` on the source';
  return `  ${paint('dim', `→ ${text}`)}\n`;
}

function renderJail(jail: JailExplanation, message: string, now: number, paint: Paint): string {
  const title = `${paint('bold', `jail ${printable(jail.jail)}`)}  filter ${printable(jail.filter)}\n`;
  const { patterns, notOffered } = jail;
  const silent = paint('dim', '  the filter does not explain itself\n');
  const tried = patterns
    ? renderPatterns(patterns, message, paint)
    : notOffered || jail.outcome === 'too-long'
      ? ''
      : silent;
  return title + tried + pairs(steps(jail, now), paint);
}

function steps(jail: JailExplanation, now: number): readonly (readonly [string, Cell])[] {
  const { match, address, target, neverBan, count } = jail;
  const rows: (readonly [string, Cell])[] = [];
  if (match) {
    rows.push(['address', addressOf(match.address, address, target)]);
    if (match.user !== null) rows.push(['user', match.user]);
  }
  if (target !== null) rows.push(['never ban', neverBan === null ? 'no' : `yes: ${neverBan}`]);
  if (count) {
    const { offences, maxRetry, known, findTimeMs } = count;
    const fewer = known ? ', as it was banned before' : '';
    const within = formatDuration(findTimeMs);
    rows.push(['counter', `${offences} of ${maxRetry} within ${within}${fewer}`]);
  }
  rows.push(['outcome', outcome(jail, now)]);
  if (jail.ban) rows.push(...followed(jail.ban, now));
  return rows;
}

function addressOf(written: string, address: string | null, target: string | null): string {
  if (address === null) return written;
  const own = written === address ? address : `${written}, which is ${address}`;
  if (target === null || target === address) return own;
  return `${own}; counted and banned as ${target}`;
}

function outcome(jail: JailExplanation, now: number): Cell {
  const { count, ban, match } = jail;
  switch (jail.outcome) {
    case 'too-long':
      return yellow('the line is longer than maxLine: it is counted, and never matched');
    case 'not-offered':
      return `not offered: ${jail.notOffered?.text ?? ''}`;
    case 'filter-threw':
      return { text: `the filter threw: ${jail.failure ?? ''}`, style: 'red' };
    case 'no-match':
      return 'no match';
    case 'no-address':
      return yellow(
        `${match?.address ?? ''} is no address, and names are never resolved: no match`,
      );
    case 'never-ban':
      return yellow('a match that does not count: the address is never banned');
    case 'seen-while-banned':
      return yellow(
        `does not count: ${ban?.range === undefined ? 'the jail bans it' : `its range ${ban.range} is banned`} already, ${untilWhen(ban?.until ?? null, now)}`,
      );
    case 'counted': {
      const more = (count?.maxRetry ?? 0) - (count?.offences ?? 0);
      return { text: `counted; ${more} more and it is banned`, style: 'green' };
    }
    case 'banned':
      return {
        text: `banned ${untilWhen(ban?.until ?? null, now)}, ${where(ban)}${nth(ban?.number)}`,
        style: 'red',
      };
  }
}

/** The rungs that a ban fires, and the ranges that it bans. */
function followed(
  { rungs, ranges }: NonNullable<JailExplanation['ban']>,
  now: number,
): readonly (readonly [string, Cell])[] {
  return [
    ...rungs.map((rung) => {
      const text = `${rung.holder} bans it ${untilWhen(rung.until, now)}, ${where(rung)}: ${rung.reason}`;
      return ['rung', { text, style: 'red' }] as const;
    }),
    ...ranges.map((one) => {
      const text = one.refused
        ? `${one.range} would be banned, but ${one.reason}`
        : `${one.range} is banned ${untilWhen(one.until, now)}, ${where(one)}: ${one.reason}`;
      return ['range', one.refused ? yellow(text) : { text, style: 'red' as const }] as const;
    }),
  ];
}

function where(
  ban: Pick<NonNullable<JailExplanation['ban']>, 'lists' | 'observed'> | null,
): string {
  if (ban?.observed) return 'only on record: the jail observes';
  return `on ${ban?.lists.join(', ') || 'no list'}`;
}

/** Where each further ban is longer. */
function nth(number: number | undefined): string {
  return number === undefined ? '' : `; ban number ${number} of this address`;
}

function yellow(text: string): Cell {
  return { text, style: 'yellow' };
}

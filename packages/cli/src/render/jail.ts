import { formatDuration, type JailStatus, type StatusReport } from '@remand/api';
import type { Paint } from '../output/paint.ts';
import { type Cell, pairs } from '../output/table.ts';
import { when } from '../output/when.ts';
import { concerns, skewHint, skewText } from './attention.ts';
import { attention, stateCell } from './status.ts';
import { stillSeenConcerns } from './still-seen.ts';

/** `remand status JAIL`: everything about one jail. */
export function renderJail(jail: JailStatus, status: StatusReport, paint: Paint): string {
  const ofJail = concerns({ ...status, jails: [jail], lists: [], notifiers: [] });
  const latest = status.stillSeen.latest.filter(({ holder }) => holder === jail.name);
  const own = [
    ...ofJail.filter(({ what }) => what.startsWith('jail ')),
    ...stillSeenConcerns({ stillSeen: { addresses: latest.length, latest } }),
  ];
  const now = Date.parse(status.now);
  return `${attention(own, paint)}\n${pairs(facts(jail, now), paint)}`;
}

function facts(jail: JailStatus, now: number): (readonly [string, Cell])[] {
  const { ignored, tracked } = jail;
  return [
    ['jail', jail.name],
    ['state', stateCell(jail)],
    ['filter', jail.filter],
    ...jail.sources.map((source) => ['source', `${source.label} (${source.state})`] as const),
    ['lines', `${jail.lines}, of which ${jail.dated} dated; ${jail.oversized} too long to be read`],
    ['matched', jail.matched],
    ['counted', jail.offences],
    [
      'not counted',
      `${ignored.neverBan} never to be banned, ${ignored.seenWhileBanned} seen while banned, ` +
        `${ignored.noAddress} without an address`,
    ],
    ['banned', `${jail.banned} since the start, ${jail.live} live now`],
    [
      'counting',
      `${tracked.now} addresses of at most ${tracked.cap}; ${tracked.evicted} forgotten`,
    ],
    ['last match', jail.lastMatchAt === null ? 'none yet' : when(jail.lastMatchAt, now)],
    ['lag', `${formatDuration(jail.lagSeconds * 1000)}, ${jail.behind} bytes behind`],
    ["log's clock", clock(jail.skewSeconds)],
  ];
}

function clock(seconds: number | null): Cell {
  const text = skewText(seconds);
  return skewHint(seconds) === undefined ? text : { text, style: 'yellow' };
}

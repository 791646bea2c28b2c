import type { StatusReport } from '@remand/api';
import type { ServedVerbs } from '../../src/control/verb-args.ts';

/** Every verb refuses, except those that a test gives. */
export function fakeVerbs(some: Partial<ServedVerbs> = {}): ServedVerbs {
  const refuse = () => Promise.reject(new Error('not part of this test'));
  return {
    status: refuse,
    bans: refuse,
    why: refuse,
    ban: refuse,
    unban: refuse,
    allow: refuse,
    flush: refuse,
    plugins: refuse,
    resetFuse: refuse,
    reload: refuse,
    stop: refuse,
    ...some,
  };
}

/** A status of nothing, for tests that only look at the way it takes. */
export function emptyStatus(): StatusReport {
  return {
    version: '0.0.0',
    pid: 1,
    startedAt: '2026-11-24T21:00:00.000Z',
    now: '2026-11-24T21:00:00.000Z',
    observe: false,
    state: { state: 'ok', path: '/nowhere', unrecorded: 0 },
    bans: { live: 0, notEnforced: 0 },
    fuse: { tripped: false, bans: 20000, withinMs: 60000, recent: 0 },
    neverBan: { entries: 0, problems: [] },
    jails: [],
    rungs: [],
    network: null,
    lists: [],
    notifiers: [],
    stillSeen: { addresses: 0, latest: [] },
  };
}

import type { NoticeKind } from '@remand/api';
import type { Tone } from './story.ts';

interface KindWords {
  /** Before an address: `banned 192.0.2.7`. */
  readonly verb: string;
  readonly one: string;
  readonly several: string;
  readonly tone: Tone;
}

export const kinds: Readonly<Record<NoticeKind, KindWords>> = {
  ban: { verb: 'banned', one: 'ban', several: 'bans', tone: 'bad' },
  escalation: {
    verb: 'banned for longer',
    one: 'escalation',
    several: 'escalations',
    tone: 'bad',
  },
  unban: { verb: 'unbanned', one: 'unban', several: 'unbans', tone: 'good' },
  'not-enforced': {
    verb: 'not blocked',
    one: 'ban that does not block',
    several: 'bans that do not block',
    tone: 'bad',
  },
  recovered: { verb: 'enforced again', one: 'recovery', several: 'recoveries', tone: 'good' },
  drift: { verb: 'firewall changed', one: 'drift', several: 'drifts', tone: 'bad' },
  'still-seen': {
    verb: 'banned and still seen',
    one: 'address still seen',
    several: 'addresses still seen',
    tone: 'bad',
  },
  fuse: { verb: 'fuse has tripped', one: 'fuse alarm', several: 'fuse alarms', tone: 'bad' },
  degraded: { verb: 'degraded', one: 'trouble', several: 'troubles', tone: 'bad' },
  digest: { verb: 'digest', one: 'digest', several: 'digests', tone: 'plain' },
  started: { verb: 'started', one: 'start', several: 'starts', tone: 'plain' },
  stopped: { verb: 'stopped', one: 'stop', several: 'stops', tone: 'plain' },
  test: { verb: 'test', one: 'test', several: 'tests', tone: 'plain' },
};

/** `3 bans` */
export function counted(kind: NoticeKind, count: number): string {
  const { one, several } = kinds[kind];
  return `${count} ${count === 1 ? one : several}`;
}

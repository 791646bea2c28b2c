import type { Notice, NoticeKind } from '@remand/api';

/** What somebody has to look at, however many bans there are. */
const urgent: ReadonlySet<NoticeKind> = new Set([
  'not-enforced',
  'still-seen',
  'fuse',
  'degraded',
  'test',
]);

export function isUrgent({ kind }: Notice): boolean {
  return urgent.has(kind);
}

/** The regular digest: it comes at its time, and is no part of another one. */
export function isRegular({ digest }: Notice): boolean {
  return digest !== undefined && digest.of !== 'overflow';
}

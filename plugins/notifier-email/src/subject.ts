import type { Notice } from '@remand/api';
import { counted } from './kinds.ts';
import { headline } from './notice-blocks.ts';

/** `[remand] banned 192.0.2.7 (sshd)`, `[remand] 5 bans (sshd)`, `[remand] 3 bans, 1 unban` */
export function subject(notices: readonly Notice[]): string {
  return `[remand] ${short(words(notices))}`;
}

function words(notices: readonly Notice[]): string {
  const [first, second] = notices;
  if (first !== undefined && second === undefined) return ofOne(first);
  const counts = new Map<Notice['kind'], number>();
  for (const { kind } of notices) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = Array.from(counts, ([kind, count]) => counted(kind, count));
  return parts.join(', ');
}

function ofOne(notice: Notice): string {
  const { kind, digest } = notice;
  if (kind !== 'digest' || digest === undefined) return headline(notice);
  const counts = new Map<Notice['kind'], number>();
  for (const row of digest.counts) counts.set(row.kind, (counts.get(row.kind) ?? 0) + row.count);
  const parts = Array.from(counts, ([one, count]) => counted(one, count)).slice(0, 3);
  const title = digestTitles[digest.of];
  return parts.length === 0 ? title : `${title}: ${parts.join(', ')}`;
}

const digestTitles = { overflow: 'digest', day: 'daily digest', week: 'weekly digest' };

/** What fits a list of mails. */
function short(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}

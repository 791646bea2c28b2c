import type { Notice, NoticeKind } from '@remand/api';
import { noticeBody } from './payload.ts';

/** What a template can name. */
export type Values = Readonly<Record<string, unknown>>;

type Body = ReturnType<typeof noticeBody>;

/** ntfy takes 4 096 bytes as a message, more as an attachment. */
const mostMessage = 3_000;

/** Of one delivery; `notice.…` is of the first of its notices. */
export function valuesOf(notices: readonly Notice[], host: string): Values {
  const bodies = notices.map(noticeBody);
  const first = Object.entries(bodies[0] ?? {}).map(([key, value]) => [`notice.${key}`, value]);
  return {
    ...Object.fromEntries(first),
    host,
    notices: bodies,
    count: notices.length,
    title: titleOf(bodies, host),
    message: messageOf(bodies),
    priority: notices.some(({ kind }) => urgent.has(kind)) ? 4 : 3,
  };
}

/** Every name, for the check of a template. */
export const valueNames: ReadonlySet<string> = new Set([
  ...['host', 'notices', 'count', 'title', 'message', 'priority'],
  ...[
    'id',
    'kind',
    'at',
    'summary',
    'holder',
    'address',
    'until',
    'evidence',
    'ledger',
    'undo',
  ].map((key) => `notice.${key}`),
  ...['silence', 'digest'].map((key) => `notice.${key}`),
]);

/** What somebody has to look at. */
const urgent: ReadonlySet<NoticeKind> = new Set(['not-enforced', 'still-seen', 'fuse', 'degraded']);

function titleOf(bodies: readonly Body[], host: string): string {
  const [first, second] = bodies;
  if (first === undefined || second !== undefined) {
    return `remand on ${host}: ${bodies.length} notices`;
  }
  const { kind, address, holder } = first;
  const who = address === undefined ? '' : ` ${address}`;
  return `remand on ${host}: ${kind}${who}${holder === undefined ? '' : ` (${holder})`}`;
}

function messageOf(bodies: readonly Body[]): string {
  let text = '';
  for (const [index, { summary }] of bodies.entries()) {
    const next = `${text}${text === '' ? '' : '\n'}${summary}`;
    if (next.length > mostMessage) return `${text}\n… and ${bodies.length - index} more`;
    text = next;
  }
  return text;
}

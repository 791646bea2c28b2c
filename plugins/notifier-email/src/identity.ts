import { createHash } from 'node:crypto';
import type { Notice } from '@remand/api';

/** What tells mail programs which mails are one, and which belong together. */
export interface Identity {
  readonly messageId: string;
  /** The beginning of the thread, a mail that never was: each refers to it (RFC 5322 § 3.6.4). */
  readonly thread: string | undefined;
  readonly listId: string;
}

/** The same notices are the same mail, however often they are sent. */
export function identityOf(notices: readonly Notice[], host: string): Identity {
  const domain = domainOf(host);
  const ids = notices.map(({ id }) => id).join(' ');
  const topic = topicOf(notices);
  return {
    messageId: `<${digest(ids)}.notice@${domain}>`,
    thread: topic === undefined ? undefined : `<${digest(`${topic} ${host}`)}.thread@${domain}>`,
    listId: `remand on ${domain} <remand.${domain}>`,
  };
}

/** Mails about one address are a thread, and so are those of a kind that concern none. */
function topicOf(notices: readonly Notice[]): string | undefined {
  const topics = new Set(notices.map(({ address, kind }) => address || `kind ${kind}`));
  const [only, second] = topics;
  return second === undefined ? only : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A host name may hold what a header may not. */
function domainOf(host: string): string {
  const safe = host.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  return safe.replace(/^[.-]+|[.-]+$/g, '').slice(0, 200) || 'localhost';
}

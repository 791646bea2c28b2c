import type { Notice } from '@remand/api';
import { htmlPart } from './html-part.ts';
import { type Identity, identityOf } from './identity.ts';
import { headline, noticeBlocks } from './notice-blocks.ts';
import type { Block, Detail } from './story.ts';
import { subject } from './subject.ts';
import { textPart } from './text-part.ts';
import { utc } from './times.ts';

/** A mail before it is bytes. Nothing in it can be anything but text. */
export interface Letter extends Identity {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One mail for all of these notices. */
export function letterOf(
  notices: readonly Notice[],
  host: string,
  detail: Detail | 'list',
): Letter {
  const title = subject(notices);
  const blocks: readonly Block[] = [
    ...(detail === 'list'
      ? listOf(notices)
      : notices.flatMap((notice) => noticeBlocks(notice, detail))),
    { kind: 'footer', text: `remand on ${host}. Times are in UTC.` },
  ];
  return {
    ...identityOf(notices, host),
    subject: title,
    text: textPart(blocks),
    html: htmlPart(title, blocks),
  };
}

/** A line for each. */
function listOf(notices: readonly Notice[]): readonly Block[] {
  const rows = notices.map((notice) => [utc(notice.at), headline(notice)] as const);
  return [
    { kind: 'sentence', text: 'There was too much for one mail; `remand why ADDRESS` says more.' },
    { kind: 'facts', rows },
  ];
}

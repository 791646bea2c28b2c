import type { Notice } from '@remand/api';
import { type Letter, letterOf } from './letter.ts';
import { details } from './story.ts';

export interface ComposeGiven {
  readonly from: string;
  readonly to: readonly string[];
  /** What this machine is called. */
  readonly host: string;
  readonly date: Date;
}

/** Larger ones are told in less detail. */
export const mostBytes = 256 * 1024;

/** The bytes of one mail (RFC 5322) about these notices; ASCII, lines end with CRLF. */
export async function compose(notices: readonly Notice[], given: ComposeGiven): Promise<Buffer> {
  let message: Buffer = Buffer.alloc(0);
  for (const detail of details) {
    const letter = letterOf(notices, given.host, detail);
    // Encoding makes it no smaller; the last is small enough.
    if (detail !== 'list' && bytesOf(letter) > mostBytes) continue;
    message = await build(letter, given);
    if (message.length <= mostBytes) break;
  }
  return message;
}

function bytesOf({ text, html }: Letter): number {
  return Buffer.byteLength(text) + Buffer.byteLength(html);
}

async function build(letter: Letter, { from, to, host, date }: ComposeGiven): Promise<Buffer> {
  // 10 MB that a daemon without a mail to send does not need.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { thread } = letter;
  const node = new MailComposer({
    from: { name: `remand on ${host}`, address: from },
    to: [...to],
    date,
    subject: letter.subject,
    messageId: letter.messageId,
    ...(thread !== undefined && { inReplyTo: thread, references: thread }),
    headers: { 'Auto-Submitted': 'auto-generated', 'List-Id': letter.listId },
    text: letter.text,
    html: letter.html,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return node.build();
}

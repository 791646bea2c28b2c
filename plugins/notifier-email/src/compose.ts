import type { Notice } from '@remand/api';
import { type Letter, letterOf } from './letter.ts';
import { type MimeGiven, mimeMessage } from './mime.ts';
import { details } from './story.ts';

/** Larger ones are told in less detail. */
export const mostBytes = 256 * 1024;

/** The bytes of one mail (RFC 5322) about these notices; ASCII, lines end with CRLF. */
export async function compose(notices: readonly Notice[], given: MimeGiven): Promise<Buffer> {
  let message: Buffer = Buffer.alloc(0);
  for (const detail of details) {
    const letter = letterOf(notices, given.host, detail);
    // Encoding makes it no smaller; the last is small enough.
    if (detail !== 'list' && bytesOf(letter) > mostBytes) continue;
    message = await mimeMessage(letter, given);
    if (message.length <= mostBytes) break;
  }
  return message;
}

function bytesOf({ text, html }: Letter): number {
  return Buffer.byteLength(text) + Buffer.byteLength(html);
}

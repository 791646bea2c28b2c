import type { Letter } from './letter.ts';
import { encodedPart } from './transfer-encoding.ts';

export interface MimeGiven {
  readonly from: string;
  readonly to: readonly string[];
  /** What this machine is called. */
  readonly host: string;
  readonly date: Date;
}

/**
 * The bytes of a mail (RFC 5322) with a text and an HTML part (RFC 2046): ASCII, lines end with CRLF.
 * Its whole form is here, so there is no place for a header, an address or a part from elsewhere.
 */
export async function mimeMessage(letter: Letter, given: MimeGiven): Promise<Buffer> {
  const { messageId, thread, listId } = letter;
  // No encoding of a part has these two characters in a row.
  const boundary = `=_${messageId.replace(/[^a-z0-9]/g, '').slice(0, 32)}`;
  const headers = [
    ['Date', given.date.toUTCString().replace('GMT', '+0000')],
    ['From', `"${asciiName(given.host)}" <${given.from}>`],
    ['To', given.to.join(',\r\n ')],
    ['Subject', headerText(letter.subject)],
    ['Message-ID', messageId],
    ...(thread === undefined ? [] : [...[['In-Reply-To', thread]], ['References', thread]]),
    ['List-Id', listId],
    ['Auto-Submitted', 'auto-generated'],
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/alternative;\r\n boundary="${boundary}"`],
  ];
  const parts = [
    await encodedPart('text/plain', letter.text),
    await encodedPart('text/html', letter.html),
  ];
  const lines = [
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

function asciiName(host: string): string {
  return `remand on ${host.replace(/[^A-Za-z0-9.:_-]/g, '-')}`;
}

const lineLength = 76;
/** Of UTF-8 in one encoded word: in base64, with what stands around it, less than 75 characters. */
const wordBytes = 42;

/** Text as it may be in a header: encoded words (RFC 2047) unless it is plain ASCII. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return folded(text);
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word]
    .map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`)
    .join('\r\n ');
}

/** Broken before a space, which belongs to the text and begins the next line. */
function folded(text: string): string {
  let length = 'Subject: '.length;
  return text.replace(/ ?[^ ]+| /g, (piece) => {
    if (length + piece.length <= lineLength || !/^ [^ ]/.test(piece)) {
      length += piece.length;
      return piece;
    }
    length = piece.length;
    return `\r\n${piece}`;
  });
}

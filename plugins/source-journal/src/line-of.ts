import type { Fields } from './selection.ts';

/** What can stand in a header without ending or shaping it. */
const notInName = /[^A-Za-z0-9._@/+-]/g;
/** Together with a pid it stays shorter than what is looked at as a tag. */
const longestName = 60;

/**
 * An entry as a line of syslog's high-precision form, one character per byte, without its end:
 * `2026-10-11T22:14:15.003456Z host prog[1]: message`. Nothing of the message can get into its
 * header or make a line of its own: a line break is written `#012`, as rsyslog does.
 * @param at its time in µs since the epoch
 * @returns undefined when it holds no message, or one that was too long to be written
 */
export function lineOf(entry: Fields, at: number): string | undefined {
  const message = messageOf(entry.MESSAGE);
  if (message === undefined) return undefined;
  const host = nameOf(entry._HOSTNAME) ?? 'localhost';
  const program = nameOf(entry.SYSLOG_IDENTIFIER) ?? nameOf(entry._COMM) ?? 'unknown';
  const pid = pidOf(entry._PID) ?? pidOf(entry.SYSLOG_PID);
  const tag = pid === undefined ? program : `${program}[${pid}]`;
  return `${isoTime(at)} ${host} ${tag}: ${message}`;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.slice(0, longestName).replace(notInName, '_');
}

function pidOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9]{1,10}$/.test(value) ? value : undefined;
}

function messageOf(value: unknown): string | undefined {
  const bytes = bytesOf(value);
  if (bytes === undefined) return undefined;
  return bytes.includes('\n') || bytes.includes('\r') || bytes.includes('\0')
    ? bytes.replace(/[\r\n]+$/, '').replace(/[\n\r\0]/g, escaped)
    : bytes;
}

/** A text, an array of bytes where it is not UTF-8, or an array of those for a repeated field. */
function bytesOf(value: unknown): string | undefined {
  if (typeof value === 'string') return toBytes(value);
  if (!Array.isArray(value)) return undefined;
  if (value.every((one) => typeof one === 'number')) return Buffer.from(value).toString('latin1');
  const parts = value.map(bytesOf);
  return parts.includes(undefined) ? undefined : parts.join('\n');
}

function toBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII is meant
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** As rsyslog writes control characters: `#` and three octal digits. */
function escaped(character: string): string {
  return `#${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

let lastSecond = Number.NaN;
let lastText = '';

/** Entries of the same second share their text: making a date of each would cost the most. */
function isoTime(at: number): string {
  const second = Math.floor(at / 1e6);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${lastText}${String(at - second * 1e6).padStart(6, '0')}Z`;
}

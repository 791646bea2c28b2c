import { type LogFields, printable } from '@remand/api';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One event on its way into a line. */
export interface LogEvent {
  readonly at: Date;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** Longer texts are cut: a field may hold a whole line of an attacker. */
const longestField = 2_000;
const eventWidth = 22;

const colours: Readonly<Record<LogLevel, string>> = {
  debug: '\u001b[2m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};

/** `2026-11-24 21:20:05.123 warn  list-degraded          list=nftables reason="nft is missing"` */
export function textLine({ at, level, event, fields }: LogEvent, colour: boolean): string {
  const word = level.padEnd(5);
  const shown = colour ? `${colours[level]}${word}\u001b[0m` : word;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${printable(name)}=${textValue(value)}`)
    .join('');
  const name = printable(event);
  return `${localTime(at)} ${shown} ${facts === '' ? name : name.padEnd(eventWidth)}${facts}`;
}

/** One JSON object; escapes what a terminal could mistake for commands. */
export function jsonLine({ at, level, event, fields }: LogEvent): string {
  const cut = Object.entries(fields).map(([name, value]) => [name, cutText(value)]);
  const line = JSON.stringify({ time: at.toISOString(), level, event, ...Object.fromEntries(cut) });
  return line.replace(/[\u007f-\uffff]/g, escapeUnit);
}

function textValue(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const safe = printable(value, longestField);
  return /^[^\s"=\\]+$/.test(safe) ? safe : `"${safe.replaceAll('"', '\\"')}"`;
}

function cutText(value: unknown): unknown {
  return typeof value === 'string' && value.length > longestField
    ? `${value.slice(0, longestField)}…`
    : value;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function localTime(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

import { ConfigError, durationForm, parseDuration, printable } from '@remand/api';

/**
 * What `--for` means, in ms; null is for ever.
 * @throws ConfigError USAGE
 */
export function durationArgument(option: string, text: string): number | null {
  const ms = parseDuration(/^[0-9]{1,10}$/.test(text) ? Number(text) : text);
  if (ms === undefined) {
    throw new ConfigError('USAGE', `${option} got '${printable(text)}', wanted ${durationForm}`);
  }
  return ms;
}

/**
 * What `--since` means, in ms since the epoch: a duration counts back from now.
 * @throws ConfigError USAGE
 */
export function sinceArgument(text: string, now: number): number {
  const ms = parseDuration(text);
  if (ms === null) return 0;
  if (ms !== undefined) return Math.max(0, now - ms);
  const time = /^[0-9]{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new ConfigError(
      'USAGE',
      `--since got '${printable(text)}', wanted a duration such as '1h', or a time such as '2026-11-24T21:00:00Z'`,
    );
  }
  return Math.max(0, time);
}

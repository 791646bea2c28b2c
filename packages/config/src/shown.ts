import { type ConfigPath, printable } from '@remand/api';

/** A value as a message names what it got: `"three"`, `5`, `nothing`, `a list of 2`. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${printable(value, 60)}"`;
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value !== 'object') return String(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty map' : `a map of ${keys.map(shownKey).join(', ')}`;
}

/** A path as people write it: `jails.sshd.sources[0].file`. */
export function pathText(path: ConfigPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const key = /^[\w$-]+$/.test(step) ? step : shown(step);
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

function shownKey(key: string, index: number): string {
  return index < 5 ? printable(key, 40) : '…';
}

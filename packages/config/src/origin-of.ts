import type { ConfigPath } from '@remand/api';
import type { BuiltRc } from './build-rc.ts';

/** Where an effective value comes from. */
export function originOf(path: ConfigPath, rc: Pick<BuiltRc, 'isWritten' | 'locate'>): string {
  if (rc.isWritten(path)) return lineOf(path, rc);
  const [first, , rule, ...rest] = path;
  if (first !== 'jails' || rule === undefined) return 'built-in default';
  const inDefaults = ['defaults', rule, ...rest];
  return rc.isWritten(inDefaults) ? `defaults of ${lineOf(inDefaults, rc)}` : 'built-in default';
}

function lineOf(path: ConfigPath, { locate }: Pick<BuiltRc, 'locate'>): string {
  const place = locate(path, 'key');
  return place === undefined ? 'built-in default' : `${place.file}:${place.line}`;
}

import { resolve } from 'node:path';
import type { ConfigPath, PluginUse } from '@remand/api';
import type { WrittenUse } from './plugin-use-schema.ts';

/** Reads one use, which stands at the path. */
export type ReadUse = (written: WrittenUse, path: ConfigPath) => PluginUse;

/**
 * Brings what the schema let through into one form: `sshd` and `{ sshd: {…} }`. The path of a use is
 * where it stands; its name and options follow there.
 */
export function toUses(
  written: readonly WrittenUse[] | undefined,
  path: ConfigPath,
  read: ReadUse = toUse,
): readonly PluginUse[] {
  return (written ?? []).map((use, index) => read(use, [...path, index]));
}

export function toUse(written: WrittenUse, path: ConfigPath): PluginUse {
  if (typeof written !== 'string') {
    const [name = '', options] = Object.entries(written)[0] ?? [];
    // `sshd:` without anything behind it is null in YAML.
    return { name, options: options ?? {}, path };
  }
  return { name: written, options: {}, path };
}

/** The same of sources, for which a path is short for the source `file`: it starts at the folder. */
export function sourcesFrom(folder: string): ReadUse {
  return (written, path) => {
    if (typeof written !== 'string' || !/^[./]/.test(written)) return toUse(written, path);
    return { name: 'file', options: { paths: [resolve(folder, written)] }, path };
  };
}

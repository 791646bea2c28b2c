import { glob } from 'node:fs/promises';
import { isAbsolute, join, matchesGlob, parse, sep } from 'node:path';
import { isCompressed } from './find-rotated.ts';

/** Longer ones would not fit into the name of a stream. */
const longestPath = 4_000;

export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** Whether an entry of `paths` means this file. Compressed files are no logs to read lines from. */
export function coversPath(entry: string, path: string): boolean {
  if (!isPattern(entry)) return entry === path;
  return path.length <= longestPath && !isCompressed(path) && matchesGlob(path, entry);
}

/** The files that a pattern matches now. What cannot be listed is passed over. */
export async function expandPattern(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (isAbsolute(path) && path.length <= longestPath && !isCompressed(path)) found.push(path);
  }
  return found;
}

/** The folder above the first segment that holds a wildcard. */
export function fixedFolder(pattern: string): string {
  const segments = pattern.split(sep);
  const first = segments.findIndex((segment) => isPattern(segment));
  return segments.slice(0, Math.max(first, 0)).join(sep) || parse(pattern).root;
}

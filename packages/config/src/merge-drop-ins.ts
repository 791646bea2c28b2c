import { printable } from '@remand/api';
import type { LocatedProblem } from './location.ts';
import type { RcDocument } from './rc-document.ts';
import { shown } from './shown.ts';
import { isOtherVersion, otherVersion } from './version.ts';
import { isWritten, type Written } from './written.ts';

export interface Merged {
  readonly raw: Written;
  /** Which file each jail stands in. */
  readonly owners: ReadonlyMap<string, RcDocument>;
  readonly problems: readonly LocatedProblem[];
}

/** A drop-in says `jails:` and, if it likes, `version: 1`; nothing else. */
export function mergeDropIns(main: RcDocument, dropIns: readonly RcDocument[]): Merged {
  const problems: LocatedProblem[] = [];
  const owners = new Map<string, RcDocument>();
  const raw: Record<string, unknown> = isWritten(main.value) ? { ...main.value } : {};
  if (main.value !== null && !isWritten(main.value)) {
    const message = `got ${shown(main.value)}, wanted a map that begins with version: 1`;
    problems.push({ path: [], message });
  }
  const ownJails: unknown = raw.jails;
  const jails = new Map(isWritten(ownJails) ? Object.entries(ownJails) : []);
  for (const name of jails.keys()) owners.set(name, main);
  for (const dropIn of dropIns) {
    const written = isWritten(dropIn.value) ? dropIn.value : {};
    problems.push(...dropInProblems(dropIn, written));
    for (const [name, jail] of Object.entries(isWritten(written.jails) ? written.jails : {})) {
      const owner = owners.get(name);
      if (owner === undefined) {
        owners.set(name, dropIn);
        jails.set(name, jail);
      } else problems.push(definedTwice(name, owner, dropIn));
    }
  }
  if (jails.size > 0) raw.jails = Object.fromEntries(jails);
  return { raw, owners, problems };
}

function dropInProblems(dropIn: RcDocument, written: Written): readonly LocatedProblem[] {
  if (dropIn.value !== null && !isWritten(dropIn.value)) {
    const message = `got ${shown(dropIn.value)}, wanted a map with jails`;
    return [{ path: [], message, location: dropIn.locate([]) }];
  }
  const problems: LocatedProblem[] = Object.keys(written)
    .filter((key) => !['jails', 'version', '$schema'].includes(key))
    .map((key) => ({
      path: [key],
      at: 'key',
      message: `"${printable(key, 60)}" does not belong in a drop-in, which holds jails alone`,
      hint: 'move it to the main file',
      location: dropIn.locate([key], 'key'),
    }));
  if (isOtherVersion(written.version)) {
    problems.push({ ...otherVersion(written.version), location: dropIn.locate(['version']) });
  }
  if ('jails' in written && !isWritten(written.jails)) {
    const message = `got ${shown(written.jails)}, wanted a map of jails by name`;
    problems.push({ path: ['jails'], message, location: dropIn.locate(['jails']) });
  }
  return problems;
}

function definedTwice(name: string, first: RcDocument, second: RcDocument): LocatedProblem {
  const path = ['jails', name];
  const { file, line, column } = first.locate(path, 'key');
  return {
    path,
    at: 'key',
    message: `this jail is defined twice, first in ${file}:${line}:${column}`,
    hint: 'rename or remove one of them',
    location: second.locate(path, 'key'),
  };
}

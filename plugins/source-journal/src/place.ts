import type { JournalOptions } from './options.ts';

/** Which journal is read: what has an equal `key` is read by one journalctl. */
export interface Place {
  readonly key: string;
  /** What a person would call it. */
  readonly label: string;
  readonly args: readonly string[];
  /** Whether it is the journal of this machine, beside which those of others may lie. */
  readonly isOwn: boolean;
}

export function placeOf({ directory, files, namespace }: JournalOptions): Place {
  if (directory !== undefined) {
    return place(`directory=${directory}`, `journal in ${directory}`, [`--directory=${directory}`]);
  }
  if (files !== undefined) {
    const label = `journal files ${files.join(', ')}`;
    return place(
      `files=${files.join('\0')}`,
      label,
      files.map((file) => `--file=${file}`),
    );
  }
  if (namespace !== undefined) {
    const args = [`--namespace=${namespace}`];
    return { ...place(`namespace=${namespace}`, `journal ${namespace}`, args), isOwn: true };
  }
  return { key: 'journal', label: 'journal', args: [], isOwn: true };
}

function place(key: string, label: string, args: readonly string[]): Place {
  return { key: `journal:${key}`, label, args, isOwn: false };
}

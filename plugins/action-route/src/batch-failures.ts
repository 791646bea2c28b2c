import { printable } from '@remand/api';

/**
 * What `ip -force -batch -` says of single lines, by their number from 1:
 * `RTNETLINK answers: File exists`, `Command failed -:2`. The runner may have escaped the line ends
 * and cut the end off.
 */
export function batchFailures(stderr: string): ReadonlyMap<number, string> {
  const failures = new Map<number, string>();
  let from = 0;
  for (const found of stderr.matchAll(/Command failed -:([0-9]+)(?=\\n|\s|$)/g)) {
    const words = stderr.slice(from, found.index).replace(/^(?:\\n|\s)+|(?:\\n|\s)+$/g, '');
    failures.set(Number(found[1]), printable(words.replace(/^RTNETLINK answers: /, '')));
    from = found.index + found[0].length;
  }
  return failures;
}

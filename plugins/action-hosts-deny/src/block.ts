import { CommandError, type Target } from '@remand/api';
import { clientOf, targetOf } from './client.ts';

/** No colon: libwrap could take a mark that a continued line runs into for a part of it. */
export const beginMark = '# remand begin - written by remand, lines of your own go outside';
export const endMark = '# remand end';

/** A hosts.deny as Latin-1, so that every byte is one character and stays what it is. */
export interface DenyText {
  /** What stands before and after the block; all of it is `before` when there is none. */
  readonly before: string;
  readonly after: string;
  readonly hasBlock: boolean;
  /** The bans in the block; false where the line names other daemons than it should. */
  readonly entries: ReadonlyMap<Target, boolean>;
  /** Lines in the block that are no bans, with their ends. */
  readonly foreign: readonly string[];
}

/** The daemons and the client of a ban. Addresses are at most 45 characters. */
const ban = /^([A-Za-z0-9._-]{1,40}(?:, [A-Za-z0-9._-]{1,40}){0,19}): (\S{2,52})$/;

/**
 * Takes a hosts.deny apart.
 * @param place names the file in errors
 * @throws CommandError when the marks do not tell for sure what is remand's
 */
export function parseDeny(text: string, daemons: string, place: string): DenyText {
  const block = findBlock(text, place);
  const entries = new Map<Target, boolean>();
  const foreign: string[] = [];
  if (!block) return { before: text, after: '', hasBlock: false, entries, foreign };
  let isContinued = false;
  for (const line of linesOf(text.slice(block.inside, block.end))) {
    const target = isContinued ? undefined : banned(line);
    if (target === undefined) foreign.push(line);
    else {
      const isRight = withoutEnd(line).startsWith(`${daemons}: `);
      entries.set(target, isRight || entries.get(target) === true);
    }
    isContinued = line.endsWith('\\\n');
  }
  return {
    before: text.slice(0, block.begin),
    after: text.slice(block.after),
    hasBlock: true,
    entries,
    foreign,
  };
}

/**
 * Puts it together with these bans in the block. A new block comes first: nothing of the admin's
 * has to be touched, a last line without an end neither, and no line before it can run into it.
 */
export function withBans(
  { before, after, hasBlock, foreign }: DenyText,
  targets: Iterable<Target>,
  daemons: string,
): string {
  const bans = Array.from(targets, (target) => `${daemons}: ${clientOf(target)}\n`);
  const block = [`${beginMark}\n`, ...bans, ...foreign, `${endMark}\n`].join('');
  return hasBlock ? before + block + after : block + before;
}

/** Puts it together without the block; what others wrote into it stays. */
export function withoutBlock({ before, after, foreign }: DenyText): string {
  return before + foreign.join('') + after;
}

function banned(line: string): Target | undefined {
  const [, , client] = ban.exec(withoutEnd(line)) ?? [];
  return client === undefined ? undefined : targetOf(client);
}

/** Where the block begins, its lines, its end mark, and what comes after it. */
interface Place {
  readonly begin: number;
  readonly inside: number;
  readonly end: number;
  readonly after: number;
}

function findBlock(text: string, place: string): Place | undefined {
  const begins = marksIn(text, beginMark);
  const ends = marksIn(text, endMark);
  const [begin, secondBegin] = begins;
  const [end, secondEnd] = ends;
  if (begin === undefined && end === undefined) return undefined;
  const refuse = (at: number, what: string) => refuseDamage(text, at, what, place);
  if (begin === undefined)
    return refuse(end ?? 0, 'a block of remand ends here that begins nowhere');
  if (end === undefined) return refuse(begin, 'the block of remand begins here and ends nowhere');
  if (secondBegin !== undefined) return refuse(secondBegin, 'a second block of remand begins here');
  if (secondEnd !== undefined) return refuse(secondEnd, 'the block of remand ends here once more');
  if (end < begin) return refuse(end, 'the block of remand ends here, before it begins');
  if (text.slice(0, begin).endsWith('\\\n')) {
    return refuse(begin, 'the line before this one is continued into the block of remand');
  }
  return { begin, inside: nextLine(text, begin), end, after: nextLine(text, end) };
}

function refuseDamage(text: string, at: number, what: string, place: string): never {
  const line = text.slice(0, at).split('\n').length;
  throw new CommandError('REFUSED', `${place}:${line}: ${what}`, {
    hint: `remand changes nothing until the block is whole: delete what is left of it (its lines "${beginMark}" and "${endMark}" and the bans), it is then written anew`,
  });
}

/** Where lines begin that are this mark; an editor may have added blanks or a CR. */
function marksIn(text: string, mark: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const isAlone = text.slice(at + mark.length, nextLine(text, at)).trim() === '';
    if (isAlone && (at === 0 || text[at - 1] === '\n')) found.push(at);
  }
  return found;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

/** Lines with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}

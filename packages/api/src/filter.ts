import type { Lifecycle } from './lifecycle.ts';

/**
 * Recognises abuse in one line. It is synchronous, pure and bounded:
 * no I/O, no state outside itself, cost linear in the message.
 *
 * Text is offered one character per byte (Latin-1), so that positions are byte offsets and
 * nothing is decoded for lines that do not matter. What ends up in `Match` is decoded as UTF-8 by
 * the kernel. Do not anchor on non-ASCII text.
 */
export interface Filter extends Lifecycle {
  /**
   * The syslog programs whose lines are offered, as they stand before `[pid]` (`sshd`). A header
   * without a program is never offered then. Absent: the lines of every program.
   */
  readonly programs?: readonly string[];
  /**
   * Literals one of which the message begins with; lines with none of them are never offered.
   * This is what makes remand fast: give them whenever you can. Absent: every message.
   */
  readonly prefixes?: readonly string[];
  /**
   * Says who did it, or undefined for a line that is no abuse. Called for each line that passed
   * `programs` and `prefixes`; a throw counts as no match and degrades the jail.
   * @param message the line behind its header (RFC 3164: behind `prog[pid]: `), without line end
   */
  match(message: string, line: LineInfo): Match | undefined;
  /**
   * Says how far each pattern got with a message, in the order in which `match` tries them and as
   * far as it tries them: one that matched ends the list, unless patterns follow that other options
   * would switch on. Called for `remand match` and `remand explain` only, after `match`, with every
   * message that `programs` lets through, also one that begins with none of `prefixes`. It must not
   * change what `match` will say, and is best made of the same tables. Absent: people are told that
   * the filter does not explain itself.
   */
  explain?(message: string, line: LineInfo): readonly PatternTrial[];
}

/** How far one pattern of a filter got with a message. */
export interface PatternTrial {
  /** What the filter's documentation calls it. */
  readonly pattern: string;
  readonly matched: boolean;
  /**
   * The offset in the message up to which it fitted; for a pattern that reads from the end, the
   * place where it gave up. The whole length when it matched.
   */
  readonly reached: number;
  /** In words, what was wanted there; for one that fits but is switched off, the option for it. */
  readonly wanted?: string;
}

/** The header of a line as the kernel parsed it, once for all jails. Valid during the call only. */
export interface LineInfo {
  readonly program: string | undefined;
  readonly pid: number | undefined;
}

export interface Match {
  /**
   * The address as it stands in the line. The kernel parses and normalises it; what is no
   * address (a host name) is no match: names are never resolved.
   */
  readonly address: string;
  /** The account that was tried, if the line says so. Attacker text. */
  readonly user?: string;
}

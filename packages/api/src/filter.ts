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

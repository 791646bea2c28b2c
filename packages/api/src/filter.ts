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
   * The syslog programs whose lines are offered, as they stand before `[pid]` (`sshd`). One that
   * ends with `*` stands for all that begin so; null for a header without a program, which is not
   * offered otherwise. Absent: the lines of every program.
   */
  readonly programs?: readonly (string | null)[];
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
   * For a service that says in several lines what others say in one. Called for each line that
   * `match` was called for and made nothing of; pure like it. The kernel joins the pieces of one
   * conversation, of one host in one stream: when the address and an offence are both known, the
   * line that completes them is the match. It keeps up to 10 000 conversations of a filter and a
   * stream, each for 10 minutes after its last piece, and an offence without an address for one.
   */
  converse?(message: string, line: LineInfo): Piece | undefined;
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

/** What one line adds to a conversation. */
export interface Piece {
  /** What its lines have in common: the number of the process, or an id that the service gives. */
  readonly conversation: string;
  /**
   * Whom it is with, as in `Match`. A second address under the same name begins a new conversation.
   */
  readonly address?: string;
  /** The account that was tried. Attacker text. */
  readonly user?: string;
  /** Whether this line says that it is abuse. */
  readonly offence?: boolean;
  /** Whether it is over with this line. */
  readonly ends?: boolean;
}

export interface Match {
  /**
   * The address as it stands in the line. The kernel parses and normalises it; what is no
   * address (a host name) is no match: names are never resolved.
   */
  readonly address: string;
  /** The account that was tried, if the line says so. Attacker text. */
  readonly user?: string;
  /**
   * X-Forwarded-For as the line has it. Attacker text: the kernel believes of it what the
   * `trustedProxies` of the configuration have added, and nothing where `address` is none of them.
   */
  readonly forwardedFor?: string;
}

/** What may stand before sshd's own words; a line that begins so is offered to the filter too. */
export const wrappers: readonly string[] = [
  'error: ',
  'fatal: ',
  '[ID ',
  'kernel:[',
  'message repeated ',
];

const tags = [
  // syslogd of Solaris: `[ID 800047 auth.info] `.
  /\[ID [0-9]{1,10} [a-z0-9]{1,10}\.[a-z]{1,10}\] /y,
  // The kernel's clock, where sshd's output went through /dev/kmsg.
  /kernel:\[ {0,12}[0-9]{1,12}\.[0-9]{1,9}\] /y,
];

/** rsyslog with $RepeatedMsgReduction. */
const repeated = /message repeated [0-9]{1,10} times: \[ /y;

/** sshd's own words inside of a message. */
export interface Inner {
  readonly text: string;
  /** Where they begin in `text`. */
  readonly start: number;
  /** How much of the message stands before `text`. */
  readonly before: number;
}

/** What a message that begins with one of the `wrappers` holds, if it does. */
export function innerOf(message: string): Inner | undefined {
  const level = behindLevel(message);
  if (level > 0) return { text: message, start: level, before: 0 };
  if (!wrappers.some((wrapper) => message.startsWith(wrapper))) return undefined;
  const { text, before } = unwrap(message);
  return { text, start: behindLevel(text), before };
}

/**
 * The message without what syslog daemons put around it. Each layer is taken off once: no text of
 * a client stands that far to the left.
 */
function unwrap(message: string): { readonly text: string; readonly before: number } {
  let start = 0;
  for (const tag of tags) start = behind(tag, message, start);
  const text = message.slice(start);
  const inner = behind(repeated, text, 0);
  return inner > 0 && text.endsWith(']')
    ? { text: text.slice(inner, -1), before: start + inner }
    : { text, before: start };
}

/** Where the message begins behind the word that log.c writes for its upper levels. */
function behindLevel(message: string): number {
  return message.startsWith('error: ') || message.startsWith('fatal: ') ? 7 : 0;
}

function behind(regex: RegExp, text: string, start: number): number {
  regex.lastIndex = start;
  return regex.test(text) ? regex.lastIndex : start;
}

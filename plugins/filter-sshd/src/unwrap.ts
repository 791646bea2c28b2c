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

/**
 * The message without what syslog daemons put around it. Each layer is taken off once: no text of
 * a client stands that far to the left.
 */
export function unwrap(message: string): string {
  let start = 0;
  for (const tag of tags) start = behind(tag, message, start);
  const text = message.slice(start);
  const inner = behind(repeated, text, 0);
  return inner > 0 && text.endsWith(']') ? text.slice(inner, -1) : text;
}

/** Where the message begins behind the word that log.c writes for its upper levels. */
export function behindLevel(message: string): number {
  return message.startsWith('error: ') || message.startsWith('fatal: ') ? 7 : 0;
}

function behind(regex: RegExp, text: string, start: number): number {
  regex.lastIndex = start;
  return regex.test(text) ? regex.lastIndex : start;
}

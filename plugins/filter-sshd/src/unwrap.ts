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

const levels = /(?:error|fatal): /y;

/**
 * The message without what syslog daemons, and log.c for its upper levels, put around it. Each
 * layer is taken off once: no text of a client stands that far to the left.
 */
export function unwrap(message: string): string {
  let start = 0;
  for (const tag of tags) start = behind(tag, message, start);
  let text = message.slice(start);
  const inner = behind(repeated, text, 0);
  if (inner > 0 && text.endsWith(']')) text = text.slice(inner, -1);
  return text.slice(behind(levels, text, 0));
}

function behind(regex: RegExp, text: string, start: number): number {
  regex.lastIndex = start;
  return regex.test(text) ? regex.lastIndex : start;
}

import { isIP } from 'node:net';
import { type Form, forms } from './forms.ts';

export interface Ban {
  /** The jail of fail2ban, byte by byte. */
  readonly jail: string;
  readonly jailStart: number;
  readonly address: string;
}

/** Takes note of where a form gave up and of what it wanted there. */
export type Stop = (at: number, wanted: string) => undefined;

const BAN = '] Ban ';

export function readBan(message: string, program: string | undefined): Ban | undefined {
  for (const form of forms) {
    const ban = readForm(form, message, program);
    if (ban) return ban;
  }
  return undefined;
}

/**
 * Reads `…[JAIL] Ban ADDRESS`, and nothing behind it. The first bracket ends the jail: its name is
 * the administrator's and holds none, while what a jail bans need not be an address but may be a
 * text of the attacker's. A ban that is restored after a restart has another word before `Ban`.
 */
export function readForm(
  { programs, parts }: Form,
  message: string,
  program: string | undefined,
  stop?: Stop,
): Ban | undefined {
  if (!programs.includes(program)) return stop?.(0, programsInWords(programs));
  let at = 0;
  for (const { regex, is } of parts) {
    regex.lastIndex = at;
    if (!regex.test(message)) return stop?.(at, is);
    at = regex.lastIndex;
  }
  if (message[at] !== '[') return stop?.(at, '"[JAIL]"');
  const end = message.indexOf(']', at);
  if (end < 0) return stop?.(message.length, '"]"');
  if (!message.startsWith(BAN, end)) return stop?.(end, `"${BAN}ADDRESS"`);
  const address = message.slice(end + BAN.length);
  // A zone (`fe80::1%eth0`) may hold any text, and firewalls take none.
  if (isIP(address) === 0 || address.includes('%')) {
    return stop?.(end + BAN.length, 'an address, to its end');
  }
  return { jail: message.slice(at + 1, end), jailStart: at + 1, address };
}

function programsInWords(programs: Form['programs']): string {
  return programs.map((name) => (name === undefined ? 'no program' : `"${name}"`)).join(' or ');
}

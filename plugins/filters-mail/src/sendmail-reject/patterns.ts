import type { PatternEntry, PatternTable } from '@remand/patterns';
import { sendmailParts } from '../sendmail-parts.ts';

/**
 * What the rulesets refuse. The argument stands before the peer and again behind it, and is the
 * client's text: a line with two peers is no match.
 */
const normal: readonly PatternEntry[] = [
  {
    id: 'rejected',
    versions: '8.9-',
    template:
      '{id}ruleset=(check_rcpt|check_mail|check_relay|check_vrfy|check_expn|check_etrn), {args}, reject=(550|553|554|571) {reason:text without ", relay="}',
  },
  {
    // For now, but for reasons that an honest client gives nobody.
    id: 'rejected-for-now',
    versions: '8.9-',
    template:
      '{id}ruleset={ruleset:word without ","}, {args}, reject=451 [{class:number}.{subject:number}.{detail:number} ]Domain of sender address {sender:text without ", relay="} does not resolve',
  },
  {
    // FEATURE(ratecontrol) and FEATURE(conncontrol).
    id: 'too-many-connections',
    versions: '8.13-',
    template:
      '{id}ruleset=check_relay, {args}, reject=421 [4.3.2 ](Connection rate limit exceeded|Too many open connections).',
  },
  {
    id: 'unknown-user',
    versions: '8.9-',
    tells: 'offence',
    template: '{conversation:host}: {recipient:text without "... "}... User unknown',
  },
  {
    // Logged as a mail ends, and without any recipient too. What the client says stands before the
    // peer: the line is read from its end.
    id: 'sender',
    versions: '8.9-',
    tells: 'address',
    template: '{conversation:host}: from={mail:text}, relay={peer}',
  },
  {
    id: 'talked-too-soon',
    versions: '8.13-',
    template:
      '{id}rejecting commands from {peer} due to pre-greeting traffic[ after {number} seconds]',
  },
  {
    id: 'asked-for-users',
    versions: '8.9-',
    template: '{id}{peer}: (VRFY|EXPN|ETRN) {what:text} \\[rejected\\]',
  },
  {
    id: 'attack',
    versions: '8.12-',
    template:
      '{id}{peer}: possible SMTP attack: command={command:word without ","}, count={count:number}',
  },
];

/** Connections for nothing. */
const extra: readonly PatternEntry[] = [
  {
    id: 'no-mail',
    versions: '8.9-',
    template: '{id}{peer} did not issue MAIL/EXPN/VRFY/ETRN during connection to {daemon:word}',
  },
];

/** What honest but badly kept machines do as well. */
const aggressive: readonly PatternEntry[] = [
  {
    id: 'lost-connection',
    versions: '8.9-',
    template: '{id}lost input channel from {peer} to {daemon:word} after {command:host}',
  },
  {
    id: 'tls-failed',
    versions: '8.11-',
    template:
      '{id}STARTTLS=server, error: accept failed={code:word}, {detail:text without ", relay="}, relay={peer}',
  },
];

const inMode =
  (mode: string) =>
  (entry: PatternEntry): PatternEntry => ({ ...entry, mode });

/** Every message that is recognised: srvrsmtp.c, envelope.c, tls.c. */
export const patterns: PatternTable = {
  parts: {
    ...sendmailParts,
    /** Up to the peer: the arguments are the client's text. */
    args: 'arg1={arg1:text without ", arg2=" or ", relay="}[, arg2={arg2:text without ", relay="}], relay={peer}',
  },
  patterns: [
    ...normal.map(inMode('normal')),
    ...extra.map(inMode('extra')),
    ...aggressive.map(inMode('aggressive')),
  ],
};

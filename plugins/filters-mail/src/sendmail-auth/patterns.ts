import type { PatternTable } from '@remand/patterns';
import { sendmailParts } from '../sendmail-parts.ts';

/** Every message that is recognised: srvrsmtp.c. */
export const patterns: PatternTable = {
  parts: sendmailParts,
  patterns: [
    {
      // What SASL says may quote the client: the line is read from its end.
      id: 'login-failed',
      versions: '8.12- (the account since 8.16)',
      template: '{id}AUTH failure \\({mechanism:word without ")"}\\): {detail:text}, relay={peer}',
    },
    {
      id: 'too-many-logins',
      versions: '8.12-',
      template: '{id}{peer}: possible SMTP attack: command=AUTH, count={count:number}',
    },
  ],
};

import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: rcmail.php (`log_login`), rcube_imap.php. */
export const patterns: PatternTable = {
  parts: {
    session: '[<{session:word without ">"}> ]',
    /** Headers that a proxy, or the client, has set. */
    peer: '{address}[\\({headers:text without ")"}\\)]',
  },
  patterns: [
    {
      // An account with a space is no match: it could look like the rest.
      id: 'imap-login-failed',
      versions: '0.2- (the server since 1.0)',
      template:
        '{session}(IMAP Error|FAILED login|IMAP Error in {file:word}): (Login|login) failed for {user:word}[ against {server:word}] from {peer}. {rest}',
    },
    {
      id: 'login-failed',
      versions: '0.9-',
      template:
        '{session}Failed login for {user:word} from {peer} in session {id:word}[ \\(error: {error:number}\\)]',
    },
  ],
};

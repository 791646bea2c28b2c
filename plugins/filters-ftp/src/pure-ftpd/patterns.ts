import type { PatternTable } from '@remand/patterns';

/**
 * Every message that is recognised: ftpd.c. Who is not logged in is called `?`, and Pure-FTPd can be
 * built with one of twenty languages: a warning that ends with an account in brackets is a refused
 * login in each of them (MSG_AUTH_FAILED_LOG in messages_*.h).
 */
export const patterns: PatternTable = {
  patterns: [
    {
      id: 'login-failed',
      versions: '1.0-',
      template:
        '\\(?@{address}\\) \\[WARNING\\] {sentence:text without "["}\\[{user:text}\\][.| !]',
    },
  ],
};

import { type PatternTable, pamFailure } from '@remand/patterns';

/** Every message that is recognised: logging.c, prelogin.c, and what PAM says for vsftpd. */
export const patterns: PatternTable = {
  parts: {
    /** In vsftpd's own file. */
    session: '[\\[pid {pid:number}\\] ]',
    /** Of a pam_unix that is older than its tag, and of today's. */
    module: '[\\(pam_unix\\) |pam_unix\\(vsftpd:auth\\): ]',
  },
  patterns: [
    {
      // The account is the client's text, and a reason never looks like another login.
      id: 'login-failed',
      versions: '1.2- (a reason since 3.0)',
      template:
        '{session}\\[{user:text}\\] FAIL LOGIN: Client "{address}"[, "{reason:text without "LOGIN: "}"]',
    },
    {
      id: 'pam',
      versions: '2.0-, with PAM',
      template: `{module}${pamFailure}`,
    },
  ],
};

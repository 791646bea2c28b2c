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
      // Every kind of line begins with an account, which is the client's text and is not escaped, and
      // some go on with more of it, between quotation marks: none may stand before the address or alone
      // behind it.
      id: 'login-failed',
      versions: '1.2- (a reason since 3.0)',
      template:
        '{session}\\[{user:text without \'"\'}\\] FAIL LOGIN: Client "{address}"[, anon password "{mail:text without \'"\'}"][, "{reason:text without \'"\'}"]',
    },
    {
      id: 'pam',
      versions: '2.0-, with PAM',
      template: `{module}${pamFailure}`,
    },
  ],
};

import { type PatternTable, pamFailure } from '@remand/patterns';

/** Every message that is recognised: pam_unix(8), and modules that say it in its words (pam_sss). */
export const patterns: PatternTable = {
  patterns: [
    {
      id: 'login-failed',
      versions: 'Linux-PAM 0.99-',
      template: `pam_{module:host}\\({service:word without ")"}[:auth]\\): ${pamFailure}`,
    },
    {
      id: 'login-failed-old',
      versions: 'Linux-PAM until 0.81',
      template: `\\(pam_unix\\) ${pamFailure}`,
    },
  ],
};

import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: the identity service of Bitwarden's own server (Serilog). */
export const patterns: PatternTable = {
  parts: {
    head: '[{zone:word without "["} ][\\[(WRN|Warning|WARN)\\] ][\\[{context:word without "]"}\\] ]',
  },
  patterns: [
    {
      id: 'login-failed',
      versions: '2018-',
      template: '{head}Failed login attempt[, 2FA invalid]. {address}',
    },
  ],
};

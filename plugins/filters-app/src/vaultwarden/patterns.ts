import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: api/identity.rs, api/admin.rs, api/core/two_factor/*.rs. */
export const patterns: PatternTable = {
  parts: { head: '[\\[{module:word without "]"}\\]]\\[ERROR\\] ' },
  patterns: [
    {
      id: 'login-failed',
      versions: '1.0-',
      template:
        '{head}Username or password is incorrect. Try again. IP: {address}. Username: {user:text}.',
    },
    {
      id: 'admin-login-failed',
      versions: '1.9-',
      template: '{head}Invalid admin token. IP: {address}',
    },
    {
      id: 'second-factor-failed',
      versions: '1.0-',
      template: '{head}Invalid TOTP code! Server time: {time:text} IP: {address}',
    },
  ],
};

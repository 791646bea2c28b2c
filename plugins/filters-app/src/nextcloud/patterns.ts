import type { PatternTable, Structure } from '@remand/patterns';

/** `remoteAddr` is the client, also behind a proxy that Nextcloud trusts. */
export const structure: Structure = { format: 'json', fields: ['remoteAddr', 'message'] };

/** Every message that is recognised: OC\\User\\Session, TwoFactorAuth, base.php, Throttler. */
export const patterns: PatternTable = {
  patterns: [
    {
      id: 'login-failed',
      versions: '9-',
      template: '{address}\\|Login failed: {user:text} \\(Remote IP: {rest}',
    },
    {
      id: 'second-factor-failed',
      versions: '12-',
      template: '{address}\\|Two-factor challenge failed: {user:text} \\(Remote IP: {rest}',
    },
    { id: 'other-domain', versions: '9-', template: '{address}\\|Trusted domain error. {rest}' },
    { id: 'throttled', versions: '12-', template: '{address}\\|Bruteforce attempt from {rest}' },
  ],
};

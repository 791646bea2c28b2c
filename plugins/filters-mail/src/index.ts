export { default as dovecot } from './dovecot/index.ts';
export { default as exim } from './exim/index.ts';
export { default as postfix } from './postfix/index.ts';
export { default as sendmailAuth } from './sendmail-auth/index.ts';
export { default as sendmailReject } from './sendmail-reject/index.ts';

export { default as dovecot } from './dovecot/index.ts';
export { default as exim } from './exim/index.ts';
export { default as postfix } from './postfix/index.ts';

export { default as exim } from './exim/index.ts';
export { default as postfix } from './postfix/index.ts';

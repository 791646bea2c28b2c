export { default as postfix } from './postfix/index.ts';

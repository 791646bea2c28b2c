export { default as dropbear } from './dropbear/index.ts';
export { default as pamGeneric } from './pam-generic/index.ts';

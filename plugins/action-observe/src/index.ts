export { observe as default } from './plugin.ts';

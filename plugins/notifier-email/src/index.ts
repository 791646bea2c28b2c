export { email as default } from './plugin.ts';

export { command as default } from './plugin.ts';

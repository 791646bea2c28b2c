export { webhook as default } from './plugin.ts';

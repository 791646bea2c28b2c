export { hostsDeny as default } from './plugin.ts';

export { route as default } from './plugin.ts';

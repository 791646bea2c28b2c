export { ipfw as default } from './plugin.ts';

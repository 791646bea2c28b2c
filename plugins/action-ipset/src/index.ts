export { ipset as default } from './plugin.ts';

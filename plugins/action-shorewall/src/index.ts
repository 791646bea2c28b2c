export { shorewall as default } from './plugin.ts';

export { iptablesAllports as default } from './plugin.ts';

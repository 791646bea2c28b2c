export { iptablesAllports as default, iptablesMultiport } from './plugin.ts';

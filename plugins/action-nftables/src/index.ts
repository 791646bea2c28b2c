export { nftables as default } from './plugin.ts';

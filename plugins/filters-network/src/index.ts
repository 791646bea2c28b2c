export { default as asterisk } from './asterisk/index.ts';
export { default as namedRefused } from './named-refused/index.ts';
export { default as portScan } from './port-scan/index.ts';

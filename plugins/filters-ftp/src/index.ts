export { default as proftpd } from './proftpd/index.ts';
export { default as pureFtpd } from './pure-ftpd/index.ts';
export { default as vsftpd } from './vsftpd/index.ts';

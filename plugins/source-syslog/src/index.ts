import { syslogSource } from './plugin.ts';

export { syslogSource };
export default syslogSource;

import { definePlugin, pluginTokens } from '@remand/api';
import { syslogOptions } from './options.ts';
import { SyslogSource } from './syslog-source.ts';

/** The source `syslog`: takes what other programs and hosts send by the syslog protocols. */
export const syslogSource = definePlugin({
  kind: 'source',
  name: 'syslog',
  apiVersion: 1,
  summary: 'Takes syslog messages (RFC 3164, RFC 5424) over UDP, TCP and a Unix socket.',
  options: syslogOptions,
  inject: [pluginTokens.clock, pluginTokens.logger],
  framing: ({ timeZone }) => ({ timeZone }),
  create: ({ uses }, clock, logger) => new SyslogSource({ uses, clock, logger }),
});

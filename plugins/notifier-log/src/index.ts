import { definePlugin, type LogFields, type Notice, pluginTokens } from '@remand/api';
import { z } from 'zod';

export default definePlugin({
  kind: 'notifier',
  name: 'log',
  apiVersion: 1,
  summary: 'Writes each notice as a line of remand’s own log.',
  options: z.strictObject({}),
  inject: [pluginTokens.logger],
  create: (_given, logger) => ({
    deliver: async (notices) => {
      for (const notice of notices) logger.info('notice', fieldsOf(notice));
    },
  }),
});

function fieldsOf({ id, kind, summary, address, holder, until }: Notice): LogFields {
  return {
    id,
    kind,
    summary,
    ...(holder === undefined ? {} : { holder }),
    ...(address === undefined ? {} : { address }),
    ...(until === undefined ? {} : { until: until === null ? null : isoTime(until) }),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

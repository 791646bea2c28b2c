import { definePlugin, pluginTokens } from '@remand/api';
import { options } from './options.ts';
import { WebhookNotifier } from './webhook-notifier.ts';

/** Posts notices to a URL. */
export const webhook = definePlugin({
  kind: 'notifier',
  name: 'webhook',
  apiVersion: 1,
  summary: 'Posts notices as signed JSON, by a template, to ntfy, or as reports to AbuseIPDB.',
  options,
  inject: [pluginTokens.clock, pluginTokens.logger],
  create: ({ options: given }, clock, logger) =>
    new WebhookNotifier({ options: given, clock, logger }),
});

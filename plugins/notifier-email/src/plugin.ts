import { definePlugin, pluginTokens } from '@remand/api';
import { EmailNotifier } from './email-notifier.ts';
import { options } from './options.ts';

/** Sends notices as mail. */
export const email = definePlugin({
  kind: 'notifier',
  name: 'email',
  apiVersion: 1,
  summary: 'Sends mail by SMTP or a local sendmail: who, why, until when, and how to undo it.',
  options,
  inject: [pluginTokens.commands, pluginTokens.clock, pluginTokens.logger],
  create: ({ options: given }, commands, clock, logger) =>
    new EmailNotifier({ options: given, commands, clock, logger }),
});

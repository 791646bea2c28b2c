import { definePlugin, pluginTokens } from '@remand/api';
import { FileSource } from './file-source.ts';
import { lookFor } from './look-for.ts';
import { fileOptions } from './options.ts';

/** The source `file`: follows log files through every kind of rotation. */
export const fileSource = definePlugin({
  kind: 'source',
  name: 'file',
  apiVersion: 1,
  summary: 'Reads lines of log files, through rotation, truncation and restarts.',
  options: fileOptions,
  inject: [pluginTokens.clock, pluginTokens.logger],
  shorthand: (value) => ({ paths: [value] }),
  framing: ({ timeZone, header }) => ({ timeZone, header }),
  look: ({ options }) => lookFor(options),
  create: ({ uses }, clock, logger) => new FileSource({ uses, clock, logger }),
});

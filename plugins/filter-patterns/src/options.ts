import { z } from 'zod';
import { problemsOf } from './problems-of.ts';

const texts = z.array(z.string().min(1).max(200));

const entry = z.strictObject({
  id: z.string().optional().describe('its name in messages; without one pattern-1, pattern-2 …'),
  template: z.string().min(1).max(2000).describe('the message, behind its header, to its end'),
  tells: z
    .enum(['address', 'offence', 'end'])
    .optional()
    .describe(
      'what it tells of a conversation, when it is no match by itself: who it is with, that there is an offence, that it is over',
    ),
  versions: z.string().max(200).optional().describe('the versions of the service that write it'),
  programs: texts.optional().describe('the programs that write it, when not all of them do'),
});

const line = z.string().max(4000);

const sample = z.strictObject({
  line: z
    .union([line, z.array(line).min(1)], 'a line, or a list of lines')
    .describe(
      'a line, or only the message behind its header; of a conversation its lines, the last of which completes it',
    ),
  address: z.string().max(64).describe('whom it blames'),
  user: z.string().max(1000).optional().describe('the account that was tried'),
  pattern: z.string().optional().describe('the id of the pattern that takes it'),
});

/** A filter as it stands in an rc file. */
export const options = z
  .strictObject({
    programs: texts
      .min(1)
      .optional()
      .describe('programs whose lines are looked at, as they stand before [pid]; default: all'),
    parts: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of a-z, 0-9 and -'), z.string())
      .optional()
      .describe('pieces that templates share, each used by its name in braces'),
    patterns: z
      .array(z.union([z.string().min(1).max(2000), entry], 'a template, or a map with one'))
      .min(1, 'at least one pattern')
      .max(500)
      .describe('templates, tried in their order; a text alone is a template'),
    except: z
      .record(z.string(), texts)
      .optional()
      .describe('values that a capture must not have, by its name'),
    samples: z
      .strictObject({
        match: z.array(sample).default([]).describe('lines that must match'),
        noMatch: z.array(line).default([]).describe('lines that must not'),
      })
      .optional()
      .describe('tried whenever the configuration is loaded or checked'),
  })
  .superRefine((written, context) => {
    for (const problem of problemsOf(written)) context.addIssue({ code: 'custom', ...problem });
  });

export type Options = z.output<typeof options>;

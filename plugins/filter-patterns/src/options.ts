import { z } from 'zod';
import { mostRegexes } from './budgeted-regexes.ts';
import { problemsOf, regexProblems } from './problems-of.ts';
import { proveLinear } from './prove-linear.ts';

const texts = z.array(z.string().min(1).max(200));

const entry = z.strictObject({
  id: z.string().optional().describe('its name in messages; without one pattern-1, pattern-2 …'),
  template: z.string().min(1).max(2000).describe('the message, behind its header, to its end'),
  tells: z
    .enum(['address', 'offence', 'end', 'address-at-end'])
    .optional()
    .describe(
      'what it tells of a conversation, when it is no match by itself: who it is with, that there is an offence, that it is over, or whom it was with as it ends',
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
    programs: z
      .array(
        z
          .string()
          .max(200)
          .regex(/^[^\s:[\]]+$/, 'wanted the name as it stands before [pid], such as "sshd"'),
      )
      .min(1)
      .optional()
      .describe('programs whose lines are looked at, as they stand before [pid]; default: all'),
    structure: z
      .strictObject({
        format: z.enum(['json', 'logfmt']).describe('how the lines are written'),
        fields: texts
          .min(1)
          .max(30)
          .describe(
            'what templates see, in this order with `|` between them; in JSON `a.b` is `b` of the object `a`',
          ),
      })
      .optional()
      .describe('for lines that are structures: templates are of their fields, not of the line'),
    parts: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of a-z, 0-9 and -'), z.string())
      .optional()
      .describe('pieces that templates share, each used by its name in braces'),
    patterns: z
      .array(z.union([z.string().min(1).max(2000), entry], 'a template, or a map with one'))
      .max(500)
      .default([])
      .describe('templates, tried in their order; a text alone is a template'),
    regexes: z
      .array(z.string().min(1).max(2000))
      .max(mostRegexes)
      .default([])
      .describe(
        'regular expressions with (?<address>…) and perhaps (?<user>…), tried after the templates; nothing proves that they have one reading',
      ),
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
    const add = (problems: ReturnType<typeof problemsOf>) => {
      for (const problem of problems) context.addIssue({ code: 'custom', ...problem });
    };
    const wrong = regexProblems(written.regexes);
    if (wrong.length > 0) return add(wrong);
    if (written.regexes.length === 0) return add(problemsOf(written));
    // Samples are tried with the matchers that lines will meet.
    return Promise.all(written.regexes.map(proveLinear)).then(() => add(problemsOf(written)));
  });

export type Options = z.output<typeof options>;

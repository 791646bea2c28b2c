import { durationForm, parseDuration } from '@remand/api';
import { z } from 'zod';
import { plainArgvSchema, templateSchema } from './argv-schema.ts';
import { namesIn } from './template.ts';

const mostTimeoutMs = 25_000;
const finiteForm = durationForm.replace("'forever', ", '');

function duration(mostMs: number, most: string) {
  return z
    .union([z.string(), z.number()], finiteForm)
    .meta({ title: 'duration' })
    .transform((value, context) => {
      const ms = parseDuration(value) ?? undefined;
      if (ms === undefined) context.addIssue({ code: 'custom', message: finiteForm });
      else if (ms > mostMs) context.addIssue({ code: 'custom', message: `is at most ${most}` });
      return ms ?? 0;
    });
}

const shape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'wanted 1 to 20 of a-z, 0-9 and -')
    .describe('the list: all that your programs keep. Holders with the same name share it'),
  add: templateSchema
    .optional()
    .describe('run to block an address, also one that is blocked, whose time is set anew'),
  remove: templateSchema.optional().describe('run to let an address in, also one that is not in'),
  batch: plainArgvSchema
    .optional()
    .describe('instead of `add` and `remove`: reads a batch of both from stdin'),
  format: z
    .enum(['json', 'plain'])
    .default('json')
    .describe('what `batch` reads: an object a line, or words'),
  list: plainArgvSchema
    .optional()
    .describe('prints what is blocked, so that remand can compare and repair'),
  families: z
    .array(z.literal([4, 6]))
    .min(1)
    .default([4, 6])
    .describe('which of IPv4 and IPv6 your programs block'),
  ranges: z.boolean().default(true).describe('whether they block ranges such as 192.0.2.0/24'),
  maxEntries: z.int().min(1).optional().describe('how many entries they have room for'),
  countsTo: duration(Number.POSITIVE_INFINITY, '')
    .optional()
    .describe(
      'the longest time after which they let an address in by themselves. Without it they count nothing',
    ),
  timeout: duration(mostTimeoutMs, '25s')
    .prefault('10s')
    .describe('a program that runs longer is killed, at most 25 s'),
});

export const options = shape.superRefine((given, context) => {
  const { add, remove, batch, countsTo } = given;
  const say = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (batch !== undefined && (add !== undefined || remove !== undefined)) {
    say('batch', 'stands instead of `add` and `remove`: leave out the one or the other');
  } else if (batch === undefined) {
    for (const [path, argv] of [
      ['add', add],
      ['remove', remove],
    ] as const) {
      if (argv === undefined) say(path, 'is missing: wanted `add` and `remove`, or `batch`');
      else if (!has(argv, 'address') && !has(argv, 'base')) {
        say(path, 'names no address: write {address} where the program wants it');
      }
    }
  }
  if (countsTo === undefined && add !== undefined && has(add, 'seconds')) {
    say('add', '{seconds} is always 0 without `countsTo`: add it, or leave out {seconds}');
  }
  if (remove !== undefined && has(remove, 'seconds')) {
    say('remove', '{seconds} has no meaning here: a removal has no time');
  }
});

export type Options = z.infer<typeof options>;

function has(argv: readonly string[], name: string): boolean {
  return argv.some((argument) => namesIn(argument).includes(name));
}

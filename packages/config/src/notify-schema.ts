import { formatDuration, noticeKinds, notifyDefaults } from '@remand/api';
import { z } from 'zod';
import { finiteDurationSchema } from './duration-schema.ts';
import { about, listOf, wholeNumber, yesOrNo } from './schema-parts.ts';

const timeForm = 'a time of the day such as "07:00"';
const kindForm = `one of ${noticeKinds.join(', ')}`;

const { gatherMs, refillMs, digest, ...presets } = notifyDefaults;

export const digestWords = { daily: 'day', weekly: 'week', off: null } as const;

/** `"07:00"` → 420 */
export function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** 420 → `07:00` */
export function timeOfDay(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** When people are told, and when not. */
export const notifySchema = z.strictObject(
  {
    gather: finiteDurationSchema
      .optional()
      .meta(about('What happens within this time comes in one message.', formatDuration(gatherMs))),
    burst: wholeNumber(1, 1_000)
      .optional()
      .meta(about('How many messages can go at once.', presets.burst)),
    refill: finiteDurationSchema
      .optional()
      .meta(about('After a burst, one more message each.', formatDuration(refillMs))),
    most: wholeNumber(1, 100)
      .optional()
      .meta(about('What would be more notices in one message is a digest.', presets.most)),
    digest: z
      .enum(['daily', 'weekly', 'off'], 'daily, weekly or off')
      .optional()
      .meta(about('The regular digest, sent when something happened.', 'daily')),
    digestAt: z
      .string(timeForm)
      .regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, timeForm)
      .optional()
      .meta(
        about('When, in local time; a weekly one on Monday.', timeOfDay(digest?.atMinute ?? 0)),
      ),
    quietWhenEscalated: yesOrNo
      .optional()
      .meta(about('Nothing about an address that a rung holds.', presets.quietWhenEscalated)),
    restored: yesOrNo
      .optional()
      .meta(
        about(
          'Tell of each ban that is still in force at a start; of more than `most` their number.',
          presets.restored,
        ),
      ),
    startAndStop: yesOrNo
      .optional()
      .meta(about('Tell when remand starts and stops.', presets.startAndStop)),
    leaveOut: listOf(z.enum(noticeKinds, kindForm), 'a list of kinds of notices')
      .optional()
      .describe('Kinds that nobody is told of.'),
  },
  'a map with gather, burst, refill, digest and what else there is about notices',
);

import { z } from 'zod';
import { builtinDefaults } from './builtin-defaults.ts';
import { finiteDurationSchema } from './duration-schema.ts';

const { factor, max, forgetAfter } = builtinDefaults.banGrowth;
const percentForm = "a percentage from '0%' to '100%'";

const percentSchema = z
  .string(percentForm)
  .regex(/^(?:100|[0-9]{1,2})%$/, percentForm)
  .transform((text) => Number(text.slice(0, -1)) / 100);

/** A ban time that grows with each further ban of an address. */
export const growingBanSchema = z.strictObject({
  first: finiteDurationSchema.describe('How long the first ban lasts.'),
  factor: z
    .number()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'How many times as long each further ban is.', preset: factor }),
  max: finiteDurationSchema.optional().meta({ description: 'No ban is longer.', preset: max }),
  forgetAfter: finiteDurationSchema.optional().meta({
    description: 'An address begins again when its last ban has been over for so long.',
    preset: forgetAfter,
  }),
  jitter: percentSchema.optional().meta({
    description: 'A ban is up to so much longer, so that nobody can wait for its end.',
    preset: '0%',
  }),
});

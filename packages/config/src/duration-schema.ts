import { durationForm, parseDuration } from '@remand/api';
import { z } from 'zod';

/** A duration in ms; null is for ever. */
export const durationSchema = z
  .union([z.string(), z.number()], durationForm)
  .meta({ title: 'duration' })
  .transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined) context.addIssue({ code: 'custom', message: durationForm });
    return ms ?? null;
  });

const finiteForm = durationForm.replace("'forever', ", '');

/** A duration in ms that ends. */
export const finiteDurationSchema = z
  .union([z.string(), z.number()], finiteForm)
  .meta({ title: 'duration' })
  .transform((value, context) => {
    const ms = parseDuration(value) ?? undefined;
    if (ms === undefined) context.addIssue({ code: 'custom', message: finiteForm });
    return ms ?? 0;
  });

import { z } from 'zod';

/** What a schema makes of a value, or undefined for one that is wrong or missing. */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown) {
  const result = z.safeParse(schema, value);
  return result.success ? result.data : undefined;
}

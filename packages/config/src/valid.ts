import { z } from 'zod';

/** What a value comes to by a schema; undefined when it is invalid, which is said elsewhere. */
export function valid<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  const result = z.safeParse(schema, value);
  return result.success ? result.data : undefined;
}

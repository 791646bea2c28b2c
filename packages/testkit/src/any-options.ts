import type { OptionsSchema } from '@remand/api';

/** Options of a fixture plugin: whatever is written is taken as it is. */
export const anyOptions: OptionsSchema = {
  '~standard': {
    version: 1,
    vendor: 'remand-testkit',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};

import type { PatternTable } from '@remand/patterns';

/** The messages of myapp that tell of abuse. Each is accounted for as a whole, from end to end. */
export const patterns: PatternTable = {
  patterns: [
    {
      id: 'refused',
      versions: '1.0-',
      template: 'login refused for {user:text} from {address}',
    },
  ],
};

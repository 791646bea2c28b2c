import type { PatternTable } from '@remand/patterns';
import { accessParts } from '../access-log.ts';

/** Every message that is recognised: answers 400 in the access log. */
export const patterns: PatternTable = {
  parts: accessParts,
  patterns: [
    {
      // nginx writes a quotation mark of the client's as `\\x22`.
      id: 'bad-request',
      versions: '0.1-, combined',
      template: '{access}"{request:text without \'"\'}" 400 {bytes:number}{rest}',
    },
  ],
};

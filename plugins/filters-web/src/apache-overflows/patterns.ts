import type { PatternTable } from '@remand/patterns';
import { apacheParts } from '../apache-error-log.ts';

/** Every message that is recognised: protocol.c, request.c, core.c. */
export const patterns: PatternTable = {
  parts: apacheParts,
  patterns: [
    { id: 'bad-method', versions: '2.2-', template: '{client}Invalid method in request {rest}' },
    { id: 'bad-uri', versions: '2.2-', template: '{client}Invalid URI in request {rest}' },
    { id: 'bad-uri-path', versions: '2.4.49-', template: '{client}invalid URI path \\({rest}' },
    { id: 'long-uri', versions: '2.2-', template: '{client}request failed: URI too long {rest}' },
    {
      id: 'bad-protocol',
      versions: '2.2-',
      template:
        '{client}request failed: (erroneous characters after protocol string|invalid characters in URI|malformed request line|HTTP/0.9 not supported){rest}',
    },
    {
      id: 'long-header',
      versions: '2.2-',
      template:
        '{client}(Request header exceeds LimitRequestFieldSize|Number of request headers exceeds LimitRequestFields|request failed: error reading the headers){rest}',
    },
    {
      id: 'http-violation',
      versions: '2.4.25-',
      template: '{client}HTTP Request Line; (Invalid|Unrecognized|Excess){rest}',
    },
  ],
};

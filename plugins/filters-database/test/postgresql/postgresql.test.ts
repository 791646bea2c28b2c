import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/postgresql/index.ts';
import { patterns } from '../../src/postgresql/patterns.ts';

const head = '2026-11-25 10:00:00.123 UTC';
const refused = 'bob@shop FATAL:  password authentication failed for user "bob"';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  conversations: [
    [
      [
        `${head} [4711] LOG:  connection received: host=192.0.2.7 port=52100`,
        `${head} [4711] ${refused}`,
      ],
      '192.0.2.7',
    ],
    [
      [
        `${head} [4711] LOG:  connection received: host=192.0.2.7 port=52100`,
        `${head} [4712] ${refused}`,
      ],
    ],
  ],
});

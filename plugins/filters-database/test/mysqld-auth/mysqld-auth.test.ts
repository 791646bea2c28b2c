import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/mysqld-auth/index.ts';
import { patterns } from '../../src/mysqld-auth/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

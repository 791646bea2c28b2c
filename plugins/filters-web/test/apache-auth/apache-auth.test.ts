import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/apache-auth/index.ts';
import { patterns } from '../../src/apache-auth/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/sendmail-reject/index.ts';
import { patterns } from '../../src/sendmail-reject/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

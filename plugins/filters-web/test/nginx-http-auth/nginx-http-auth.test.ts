import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nginx-http-auth/index.ts';
import { patterns } from '../../src/nginx-http-auth/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
});

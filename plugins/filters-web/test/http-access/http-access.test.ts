import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/http-access/index.ts';
import { patterns } from '../../src/http-access/patterns.ts';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { statuses: [400, 401, 403, 404] },
});

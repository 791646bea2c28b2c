import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nginx-bad-request/index.ts';
import { patterns } from '../../src/nginx-bad-request/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

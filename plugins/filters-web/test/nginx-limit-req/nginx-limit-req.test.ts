import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nginx-limit-req/index.ts';
import { patterns } from '../../src/nginx-limit-req/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nginx-forbidden/index.ts';
import { patterns } from '../../src/nginx-forbidden/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

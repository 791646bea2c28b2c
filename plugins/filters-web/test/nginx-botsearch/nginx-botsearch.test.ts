import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nginx-botsearch/index.ts';
import { patterns } from '../../src/nginx-botsearch/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

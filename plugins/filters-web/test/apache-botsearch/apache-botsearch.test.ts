import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/apache-botsearch/index.ts';
import { patterns } from '../../src/apache-botsearch/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

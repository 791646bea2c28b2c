import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/apache-badbots/index.ts';
import { patterns } from '../../src/apache-badbots/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

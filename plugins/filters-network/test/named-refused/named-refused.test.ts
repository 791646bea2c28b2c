import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/named-refused/index.ts';
import { patterns } from '../../src/named-refused/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

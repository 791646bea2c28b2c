import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/proftpd/index.ts';
import { patterns } from '../../src/proftpd/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

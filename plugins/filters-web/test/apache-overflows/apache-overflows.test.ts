import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/apache-overflows/index.ts';
import { patterns } from '../../src/apache-overflows/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

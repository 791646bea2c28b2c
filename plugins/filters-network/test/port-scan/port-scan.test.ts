import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/port-scan/index.ts';
import { patterns } from '../../src/port-scan/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

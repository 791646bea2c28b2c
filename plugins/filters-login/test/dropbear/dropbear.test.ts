import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/dropbear/index.ts';
import { patterns } from '../../src/dropbear/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

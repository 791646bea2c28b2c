import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/asterisk/index.ts';
import { patterns } from '../../src/asterisk/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

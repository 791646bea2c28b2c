import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/roundcube/index.ts';
import { patterns } from '../../src/roundcube/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

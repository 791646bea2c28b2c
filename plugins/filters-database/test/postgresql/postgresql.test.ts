import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/postgresql/index.ts';
import { patterns } from '../../src/postgresql/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

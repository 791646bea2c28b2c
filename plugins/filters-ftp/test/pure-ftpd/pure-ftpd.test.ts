import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/pure-ftpd/index.ts';
import { patterns } from '../../src/pure-ftpd/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });

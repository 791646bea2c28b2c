import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/nextcloud/index.ts';
import { patterns, structure } from '../../src/nextcloud/patterns.ts';

describeFilter({ plugin, table: patterns, structure, folder: import.meta.dirname });

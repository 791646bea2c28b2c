import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/wordpress/index.ts';
import { patterns } from '../../src/wordpress/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname, options: { xmlRpc: true } });
